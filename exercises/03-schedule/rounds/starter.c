/* Exercise rounds: run the coroutines of a list in turn, to their ends. */
#include "rounds.h"

int rounds(struct schedule *S, const int ids[], int count)
{
	/* TODO: round after round, resume each one that can be resumed. */
	(void)S;
	(void)ids;
	(void)count;
	return 0;
}
