/* Misconception: a list has an end; after the last one comes nobody. */
/* Rejected by: after the last one comes the first */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = 0;

	while (ids[me] != coroutine_running(S))
		me++;
	for (int next = me + 1; next < count; next++)
		if (coroutine_transfer(S, ids[next]) == 0)
			return 0;
	return -1;
}
