/* Misconception: the ids are 0, 1, 2, ... in every schedule. */
/* Rejected by: the ids are those in the list */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0, before;

	(void)ids;
	do {
		before = turns;
		for (int id = 0; id < count; id++)
			if (coroutine_resume(S, id) != -1)
				turns++;
	} while (turns > before);
	return turns;
}
