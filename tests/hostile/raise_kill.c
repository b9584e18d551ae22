/* Ends by: signal */
#include <signal.h>

#include "answer.h"

int answer(void)
{
	raise(SIGKILL);
	return 42;
}
