#ifndef RELAY_H
#define RELAY_H

#include "lessons/09-ready-queue/dispatcher.h"

/* One leg of a relay race. */
struct leg {
	int metres;
	struct leg *next; /* the leg of the next runner; NULL: the last one */
	long total;       /* at your service */
};

/* The test's: runs a leg. May suspend, once or often. */
void run_leg(struct dispatcher *D, struct leg *leg);

/*
 * What a runner does; `ud` is its struct leg. It runs its own leg. Then, when
 * there is a next one, it spawns another runner for that leg and waits for its
 * end.
 *
 * Returns a pointer to a long: the metres of its own leg and of all legs behind
 * it. Whoever joins the runner reads it after the runner's end. Returns NULL
 * when the next runner cannot be spawned, cannot be joined, or returns NULL.
 */
void *runner(struct dispatcher *D, void *ud);

#endif
