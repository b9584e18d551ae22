/* Misconception: when all are here, every one of them is the last. */
/* Rejected by: one of them is told that it came last */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int round = b->round;

	if (++b->here == b->wanted) {
		b->here = 0;
		b->round++;
		cond_broadcast(&b->all_here);
	}
	while (b->round == round)
		if (cond_wait(&b->all_here) == -1 && b->round == round) {
			b->here--;
			return -1;
		}
	return 1;
}
