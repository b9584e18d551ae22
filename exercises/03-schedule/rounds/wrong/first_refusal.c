/* Misconception: the first -1 means that all the work is done. */
/* Rejected by: one that has ended does not stop the others */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0;

	for (int i = 0; count > 0; i = (i + 1) % count) {
		if (coroutine_resume(S, ids[i]) == -1)
			break;
		turns++;
	}
	return turns;
}
