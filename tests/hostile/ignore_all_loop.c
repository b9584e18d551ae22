/* Ends by: time-out */
#include <signal.h>

#include "answer.h"

int answer(void)
{
	for (int number = 1; number < 32; number++)
		signal(number, SIG_IGN);
	for (volatile int i = 0;; i++)
		;
	return 42;
}
