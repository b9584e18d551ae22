/* Misconception: a wait that has ended, in whatever way, means open. */
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
	if (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return 0;
	return 0;
}
