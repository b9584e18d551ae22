/**
 * @file
 * A counting semaphore: a cond that remembers.
 *
 * It holds a number of units. semaphore_wait() takes one, and waits while there
 * is none; semaphore_post() gives one. A post before the wait is not lost: it
 * is counted. When coroutines wait, a post hands its unit to the one who has
 * waited longest, so nobody who comes later can take it away, and the wait
 * needs no loop.
 *
 * (libgo's BlockObject is such a semaphore, and no condition variable.)
 */
#ifndef COROUTINE_SEMAPHORE_H
#define COROUTINE_SEMAPHORE_H

#include "cond.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A semaphore: placed as a cond is. Its fields are its own. */
struct semaphore {
	struct cond posted; /**< who waits for a unit */
	int units;          /**< units that nobody has taken */
};

/**
 * Makes a semaphore; nothing has to be freed, as with cond_init().
 * @param s     the semaphore
 * @param P     who parks its waiters; must outlive it
 * @param name  what they wait for, in words; must outlive it
 * @param units how many it holds at first, 0 or more
 * @return 0; -1 with EINVAL: a NULL, or a negative number of units
 */
int semaphore_init(struct semaphore *s, struct parking *P, const char *name,
		   int units);

/**
 * Takes a unit; waits in line when there is none. **May suspend**, but only
 * when there is none. Takes constant time.
 * @param s the semaphore
 * @return 0 when it has one; -1 as cond_wait(), and then no unit is taken
 */
int semaphore_wait(struct semaphore *s);

/**
 * Gives a unit: to the one who has waited longest, or to the count. Never
 * switches; may be called from outside of all coroutines.
 * @param s the semaphore
 * @return 0; -1 with
 *         - EOVERFLOW: it holds INT_MAX units already
 *         - EINVAL: no semaphore
 */
int semaphore_post(struct semaphore *s);

#ifdef __cplusplus
}
#endif

#endif
