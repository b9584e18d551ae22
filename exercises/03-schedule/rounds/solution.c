/* Exercise rounds: run the coroutines of a list in turn, to their ends. */
#include "rounds.h"

/*
 * Why it never asks for a status: resume returns what status would, and a
 * resume that cannot be is refused without harm. So each one is tried, and
 * only what it returns counts: DEAD (0) and SUSPEND were turns, -1 was none.
 *
 * Why it ends: a round that gave no turn changes nothing, so the next round
 * would give none either. That holds for whoever is in the list: ended ones,
 * ids never issued, and the coroutine that calls this function.
 */
int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0, before;

	do {
		before = turns;
		for (int i = 0; i < count; i++)
			if (coroutine_resume(S, ids[i]) != -1)
				turns++;
	} while (turns > before);
	return turns;
}
