/* Misconception: one signal wakes all who wait. */
/* Rejected by: all pass when the last one has come */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int round = b->round;

	if (++b->here == b->wanted) {
		b->here = 0;
		b->round++;
		cond_signal(&b->all_here);
		return 1;
	}
	while (b->round == round)
		if (cond_wait(&b->all_here) == -1 && b->round == round) {
			b->here--;
			return -1;
		}
	return 0;
}
