/* Misconception: only SUSPEND can be resumed; READY is forgotten. */
/* Rejected by: every coroutine of the list is started */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0, before;

	do {
		before = turns;
		for (int i = 0; i < count; i++) {
			if (coroutine_status(S, ids[i]) != COROUTINE_SUSPEND)
				continue;
			coroutine_resume(S, ids[i]);
			turns++;
		}
	} while (turns > before);
	return turns;
}
