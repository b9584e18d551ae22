/* Misconception: one signal opens the latch, so everyone sees it open. */
/* Rejected by: it opens for all who wait */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
	if (l->count == 0)
		cond_signal(&l->opened);
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
