/* Misconception: a coroutine has five turns, because the tutorial's had. */
/* Rejected by: a coroutine runs to its end */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0;

	for (int round = 0; round < 5; round++)
		for (int i = 0; i < count; i++)
			if (coroutine_resume(S, ids[i]) != -1)
				turns++;
	return turns;
}
