/**
 * @file
 * A cond: a line in which coroutines wait until somebody has news for them.
 *
 * A signal is not remembered. When nobody waits, it is lost; so the state that
 * it speaks of lives in a variable of yours, and the wait stands in a loop:
 *
 *     while (!there_is_work)
 *             if (cond_wait(&work) == -1)
 *                     return -1;
 *
 * The loop is needed even though no wait ends without a reason: between the
 * signal and the moment when the woken coroutine runs, another one may run and
 * take what was there.
 *
 * (The idea is libco's co_cond. Here, other than there, a time-out is never
 * taken for a signal, and the place in the line is not allocated at each wait.)
 *
 * A NULL cond, or one that was never initialised but zeroed, is refused with
 * EINVAL.
 */
#ifndef COROUTINE_COND_H
#define COROUTINE_COND_H

#include "parking.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A cond: yours to place: static, on the heap, or on a stack that is not
 *  shared with other coroutines. Its fields are its own. */
struct cond {
	struct parking *parking; /**< who parks and wakes */
	const char *name;        /**< what its waiters wait for */
	struct waiter *first;    /**< has waited longest */
	struct waiter *last;     /**< came last */
};

/**
 * Makes a cond with nobody in its line. Nothing has to be freed: a cond may be
 * thrown away as soon as no coroutine is in cond_wait() on it.
 * @param c    the cond
 * @param P    who parks its waiters; must outlive it
 * @param name what they wait for, in words, for reports; must outlive it
 * @return 0; -1 with EINVAL when one of the three is NULL
 */
int cond_init(struct cond *c, struct parking *P, const char *name);

/**
 * Waits in the line until a signal reaches this coroutine. **May suspend.**
 * Who waits longest is woken first. Allocates nothing (by-hand parking: see
 * parking_open()).
 * @param c the cond
 * @return 0 when it was signalled; -1 with
 *         - EPERM: not called by a coroutine that the parking could park
 *         - ENOMEM: its frames could not be kept, or there is no waiter
 *         - what ended the wait instead, such as ETIMEDOUT (lesson 10)
 *         - EINVAL: no cond
 *
 * After -1 the coroutine has left the line, and no signal was spent on it.
 */
int cond_wait(struct cond *c);

/**
 * Wakes the one who has waited longest. Never switches: the caller goes on, and
 * the woken one runs when its turn comes. May be called from outside of all
 * coroutines. Takes constant time.
 * @param c the cond
 * @return 1 when a coroutine was woken; 0 when nobody waits, and the signal is
 *         lost; -1 with EINVAL
 */
int cond_signal(struct cond *c);

/**
 * Wakes all who wait now, in the order in which they came. Never switches. Who
 * waits again after it has been woken waits for the next signal.
 * @param c the cond
 * @return how many were woken; -1 with EINVAL
 */
int cond_broadcast(struct cond *c);

#ifdef __cplusplus
}
#endif

#endif
