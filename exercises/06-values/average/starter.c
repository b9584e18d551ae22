#include "average.h"

/* Each resume hands in a pointer to an int, the first resume too. Answer each
 * with a pointer to a double: the average of all numbers so far. The int may
 * change after the answer; the double must stay readable until the next
 * resume of this coroutine, also when other coroutines run in between.
 * A NULL that comes in means: no more numbers; then the coroutine ends. */
void average(struct schedule *S, void *ud)
{
	struct average *a = ud;

	/* TODO: read, compute, yield the answer, and again */
	(void)S;
	(void)a;
}
