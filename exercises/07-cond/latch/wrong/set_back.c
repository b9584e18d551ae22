/* Misconception: when all are through, the latch is ready for the next time. */
/* Rejected by: it stays open */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
	if (l->count == 0) {
		cond_broadcast(&l->opened);
		l->count = 1;
	}
}

int latch_wait(struct latch *l)
{
	if (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
