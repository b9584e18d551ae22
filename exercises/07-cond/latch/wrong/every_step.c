/* Misconception: every step is told to all, and one look is enough. */
/* Rejected by: it is shut until the last one has come */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
	cond_broadcast(&l->opened);
}

int latch_wait(struct latch *l)
{
	if (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
