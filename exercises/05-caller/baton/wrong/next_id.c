/* Misconception: the next one is the one with the next id. */
/* Rejected by: the order is that of the list */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = coroutine_running(S);

	(void)ids;
	for (int step = 1; step < count; step++)
		if (coroutine_transfer(S, (me + step) % count) == 0)
			return 0;
	return -1;
}
