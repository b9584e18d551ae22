/* Misconception: who leaves the line of the cond has left the barrier. */
/* Rejected by: who gives up is not counted */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int round = b->round;

	if (++b->here == b->wanted) {
		b->here = 0;
		b->round++;
		cond_broadcast(&b->all_here);
		return 1;
	}
	while (b->round == round)
		if (cond_wait(&b->all_here) == -1 && b->round == round)
			return -1;
	return 0;
}
