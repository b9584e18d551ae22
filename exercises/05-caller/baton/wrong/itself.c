/* Misconception: the running coroutine is the one to transfer to. */
/* Rejected by: the next one runs */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	(void)ids;
	(void)count;
	return coroutine_transfer(S, coroutine_running(S));
}
