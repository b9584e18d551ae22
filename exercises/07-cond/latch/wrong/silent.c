/* Misconception: who waits sees the count by itself; nobody need be told. */
/* Rejected by: it opens with the last one */
#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
