/* Misconception: here is 0 until all who were woken have run. */
/* Rejected by: one that comes again at once stops nobody */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	if (++b->here == b->wanted) {
		b->here = 0;
		cond_broadcast(&b->all_here);
		return 1;
	}
	while (b->here != 0)
		if (cond_wait(&b->all_here) == -1) {
			b->here--;
			return -1;
		}
	return 0;
}
