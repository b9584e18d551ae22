/* Misconception: who waits has come, too: a latch is a barrier. */
/* Rejected by: it is shut until the last one has come */
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
	latch_down(l);
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
