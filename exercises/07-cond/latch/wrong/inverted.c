/* Misconception: while the count is 0, nobody has come yet. */
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
	while (l->count == 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
