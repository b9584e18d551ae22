/* Misconception: transfer returns at once, so the loop only asks each one. */
/* Rejected by: one pass is one turn */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = 0, answer = -1;

	while (ids[me] != coroutine_running(S))
		me++;
	for (int step = 1; step < count; step++)
		if (coroutine_transfer(S, ids[(me + step) % count]) == 0)
			answer = 0;
	return answer;
}
