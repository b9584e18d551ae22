/* Exercise barrier: all wait until the last one has come. */
#include "barrier.h"

/*
 * Why the others wait for another round, and not for a number of those here:
 * by the time a woken one runs, the last one may have come to the barrier
 * again, and the number is that of the next round. The round only ever grows.
 *
 * Why a failed wait looks at the round once more: between the failure and this
 * line others have run. When the last one has come meanwhile, it has counted us,
 * and we have passed. To take ourselves out of the count now would take one out
 * of the next round.
 */
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
		if (cond_wait(&b->all_here) == -1 && b->round == round) {
			b->here--;
			return -1;
		}
	return 0;
}
