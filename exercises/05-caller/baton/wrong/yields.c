/* Misconception: a yield goes to the next coroutine. */
/* Rejected by: the next one runs */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	(void)ids;
	(void)count;
	return coroutine_yield(S);
}
