/* Misconception: to wait for the broadcast is enough; why look at the count? */
/* Rejected by: an open latch lets everyone through at once */
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
	return cond_wait(&l->opened);
}
