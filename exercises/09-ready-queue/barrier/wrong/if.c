/* Misconception: who is woken has what it waited for: no loop. */
/* Rejected by: a signal from elsewhere lets nobody pass */
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
	if (cond_wait(&b->all_here) == -1 && b->round == round) {
		b->here--;
		return -1;
	}
	return 0;
}
