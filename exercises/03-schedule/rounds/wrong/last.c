/* Misconception: count - 1 is where the loop stops, not the last index. */
/* Rejected by: every coroutine of the list is started */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0, before;

	do {
		before = turns;
		for (int i = 0; i < count - 1; i++)
			if (coroutine_resume(S, ids[i]) != -1)
				turns++;
	} while (turns > before);
	return turns;
}
