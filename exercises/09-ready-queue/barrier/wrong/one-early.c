/* Misconception: the number of those who came before me is the number here. */
/* Rejected by: nobody passes before all are there */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int round = b->round;

	if (++b->here >= b->wanted - 1) {
		b->here = 0;
		b->round++;
		cond_broadcast(&b->all_here);
		return 1;
	}
	while (b->round == round)
		if (cond_wait(&b->all_here) == -1 && b->round == round) {
			b->here--;
			return -1;
		}
	return 0;
}
