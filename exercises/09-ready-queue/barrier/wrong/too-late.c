/* Misconception: nothing happens between a failed wait and the next line. */
/* Rejected by: who was counted has passed */
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
		if (cond_wait(&b->all_here) == -1) {
			b->here--;
			return -1;
		}
	return 0;
}
