/* Exercise patience: wait for a state, for so long and no longer. */
#include "patience.h"

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	/* TODO: a deadline, a loop around the wait, the deadline put back. */
	(void)T;
	(void)c;
	(void)state;
	(void)duration;
	return 0;
}
