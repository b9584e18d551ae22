/* Ends by: time-out */
#include <signal.h>
#include <unistd.h>

#include "answer.h"

int answer(void)
{
	signal(SIGALRM, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
	return 42;
}
