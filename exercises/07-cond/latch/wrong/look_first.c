/* Misconception: to look at the count and then to count down is the same. */
/* Rejected by: it opens with the last one */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		cond_broadcast(&l->opened);
	else
		l->count--;
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
