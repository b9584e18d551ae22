/* Exercise baton: pass the turn to the next coroutine of a ring. */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	/* TODO: find your place in the list, then go to the next one. */
	(void)S;
	(void)ids;
	(void)count;
	return -1;
}
