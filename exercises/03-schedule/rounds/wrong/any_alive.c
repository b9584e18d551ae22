/* Misconception: who is not DEAD can be resumed; the -1 is ignored. */
/* Rejected by: it comes back when nobody can be resumed */
#include "rounds.h"

static int any_alive(struct schedule *S, const int ids[], int count)
{
	for (int i = 0; i < count; i++)
		if (coroutine_status(S, ids[i]) != COROUTINE_DEAD)
			return 1;
	return 0;
}

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0;

	while (any_alive(S, ids, count))
		for (int i = 0; i < count; i++)
			if (coroutine_resume(S, ids[i]) != -1)
				turns++;
	return turns;
}
