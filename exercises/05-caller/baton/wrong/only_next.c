/* Misconception: when the next one has ended, nobody is left. */
/* Rejected by: who has ended is passed over */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = 0;

	while (ids[me] != coroutine_running(S))
		me++;
	return coroutine_transfer(S, ids[(me + 1) % count]);
}
