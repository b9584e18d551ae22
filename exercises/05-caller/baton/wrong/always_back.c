/* Misconception: pass cannot fail; that each was refused is ignored. */
/* Rejected by: the last one left keeps the baton */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = 0;

	while (ids[me] != coroutine_running(S))
		me++;
	for (int step = 1; step < count; step++)
		if (coroutine_transfer(S, ids[(me + step) % count]) == 0)
			break;
	return 0;
}
