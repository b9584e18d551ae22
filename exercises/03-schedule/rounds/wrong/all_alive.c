/* Misconception: the tutorial's loop, while all are alive, fits every list. */
/* Rejected by: one that has ended does not stop the others */
#include "rounds.h"

static int all_alive(struct schedule *S, const int ids[], int count)
{
	for (int i = 0; i < count; i++)
		if (coroutine_status(S, ids[i]) == COROUTINE_DEAD)
			return 0;
	return count > 0;
}

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0;

	while (all_alive(S, ids, count))
		for (int i = 0; i < count; i++)
			if (coroutine_resume(S, ids[i]) != -1)
				turns++;
	return turns;
}
