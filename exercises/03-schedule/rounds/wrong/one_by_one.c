/* Misconception: in turn means one after the other has ended. */
/* Rejected by: the turns go round */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	int turns = 0;

	for (int i = 0; i < count; i++)
		while (coroutine_resume(S, ids[i]) != -1)
			turns++;
	return turns;
}
