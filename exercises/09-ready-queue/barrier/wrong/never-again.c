/* Misconception: a barrier opens once; nobody sets the count back. */
/* Rejected by: it can be used a second time */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	if (++b->here == b->wanted) {
		cond_broadcast(&b->all_here);
		return 1;
	}
	while (b->here < b->wanted)
		if (cond_wait(&b->all_here) == -1) {
			b->here--;
			return -1;
		}
	return 0;
}
