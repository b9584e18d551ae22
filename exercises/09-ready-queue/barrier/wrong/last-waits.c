/* Misconception: who broadcasts is woken by it too. */
/* Rejected by: all pass when the last one has come */
#include "barrier.h"

int barrier_wait(struct barrier *b)
{
	int result = 0;

	if (++b->here == b->wanted) {
		b->here = 0;
		b->round++;
		cond_broadcast(&b->all_here);
		result = 1;
	}
	if (cond_wait(&b->all_here) == -1)
		return -1;
	return result;
}
