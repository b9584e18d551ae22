/* Misconception: a wait ends by a signal only; what it returns is ignored. */
/* Rejected by: a wait that fails says so */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
	if (l->count == 0)
		cond_broadcast(&l->opened);
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		cond_wait(&l->opened);
	return 0;
}
