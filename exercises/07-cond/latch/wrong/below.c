/* Misconception: nobody comes too many, so the count needs no floor. */
/* Rejected by: one too many changes nothing */
#include "latch.h"

void latch_down(struct latch *l)
{
	l->count--;
	if (l->count == 0)
		cond_broadcast(&l->opened);
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
