#ifndef BARRIER_H
#define BARRIER_H

#include "lessons/07-cond/cond.h"

/* A place where coroutines wait until `wanted` of them have come. Then all pass
 * together, and the next round begins: it can be used again and again. */
struct barrier {
	struct cond all_here;
	int wanted; /* how many come together; never changed */
	int here;   /* how many have come in this round */
	int round;  /* how often all were here */
};

/*
 * Waits until as many have come in this round as are wanted. May suspend.
 *
 * Returns 1 to the one who came last, who does not wait; 0 to the others. When
 * a wait fails before all are here, it returns -1 with the errno of the wait,
 * and this one is not counted any more. Whoever was counted when all were here
 * has passed, however its wait has ended.
 */
int barrier_wait(struct barrier *b);

#endif
