#ifndef LATCH_H
#define LATCH_H

#include "lessons/07-cond/cond.h"

/* A latch. The tests make it: a count, and the cond ready. */
struct latch {
	int count;          /* how many have still to come; 0: it is open */
	struct cond opened; /* for those who wait until it is open */
};

/*
 * One more has come: counts down, and opens the latch for all at 0. A latch
 * that is open stays as it is.
 */
void latch_down(struct latch *l);

/*
 * Waits until the latch is open; not at all when it is open already.
 * Returns 0; -1 when the wait failed.
 */
int latch_wait(struct latch *l);

#endif
