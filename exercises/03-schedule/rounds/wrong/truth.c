/* Misconception: resume returns true or false; but DEAD is 0. */
/* Rejected by: it returns how many turns it gave */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0, before;

	do {
		before = turns;
		for (int i = 0; i < count; i++)
			if (coroutine_resume(S, ids[i]) > 0)
				turns++;
	} while (turns > before);
	return turns;
}
