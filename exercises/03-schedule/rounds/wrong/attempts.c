/* Misconception: every resume is a turn, a refused one too. */
/* Rejected by: it returns how many turns it gave */
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
		for (int i = 0; i < count; i++) {
			coroutine_resume(S, ids[i]);
			turns++;
		}
	return turns;
}
