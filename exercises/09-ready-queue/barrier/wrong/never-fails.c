/* Misconception: a wait ends by a signal only; what it returns says nothing. */
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
		cond_wait(&b->all_here);
	return 0;
}
