/* Misconception: who passes leaves the count, and the others still see all. */
/* Rejected by: all pass when the last one has come */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int last = ++b->here == b->wanted;

	if (last)
		cond_broadcast(&b->all_here);
	while (b->here < b->wanted)
		if (cond_wait(&b->all_here) == -1) {
			b->here--;
			return -1;
		}
	b->here--;
	return last;
}
