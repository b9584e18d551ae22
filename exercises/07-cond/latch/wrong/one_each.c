/* Misconception: each one who comes lets one who waits go on. */
/* Rejected by: it is shut until the last one has come */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	cond_signal(&l->opened);
	l->count--;
	if (l->count == 0)
		cond_broadcast(&l->opened);
}

int latch_wait(struct latch *l)
{
	if (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
