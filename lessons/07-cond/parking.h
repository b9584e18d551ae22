/**
 * @file
 * Parking: who puts a coroutine to sleep, and who makes it go on.
 *
 * A cond (cond.h) knows *who waits*: it keeps a line of waiters. It does not
 * know *who runs them*. That is behind this table of three functions, so that
 * the same cond works with a loop written by hand (parking_open(), below),
 * under the naive dispatcher of lesson 08, and with the ready queue of lesson
 * 09, where a parked coroutine costs no switch until it is woken.
 *
 * The rules of all that implement it:
 * - wake() never switches. It makes its coroutine ready, and the caller goes
 *   on.
 * - A park ends once, for one reason. Who wakes a coroutine that is awake
 *   already is told so (0), and can wake another one instead. So nothing that
 *   comes too late is lost.
 * - A waiter never lies on a stack that coroutines share: while one is parked,
 *   others run there.
 */
#ifndef COROUTINE_PARKING_H
#define COROUTINE_PARKING_H

#include "coroutine.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cond;

/** A coroutine's place in a line of waiters. Owned by the parking; its fields
 *  belong to whoever keeps the line. */
struct waiter {
	struct waiter *next;     /**< the one behind it */
	struct waiter *previous; /**< the one before it */
	struct cond *cond;       /**< in whose line it stands; NULL: in none */
};

/** Who puts coroutines to sleep and makes them go on: a table of functions,
 *  the first member of whatever implements it. */
struct parking {
	/**
	 * The running coroutine as a waiter. It is good until that coroutine
	 * waits the next time.
	 * @return the waiter, in no line; NULL with
	 *         - EPERM: no coroutine runs here that could be parked
	 *         - ENOMEM: there is no memory for it
	 */
	struct waiter *(*self)(struct parking *P);

	/**
	 * Puts the running coroutine to sleep until it is woken. **May
	 * suspend.**
	 * @param P    the parking
	 * @param me   what self() said
	 * @param what it waits for, in words; must outlive the sleep
	 * @return 0 when somebody woke it; -1 with
	 *         - ENOMEM: its frames could not be kept; it has not slept
	 *         - another errno: the sleep was ended by something else than
	 *           wake(), such as ETIMEDOUT (lesson 10)
	 */
	int (*park)(struct parking *P, struct waiter *me, const char *what);

	/**
	 * Makes a parked coroutine ready. Never switches.
	 * @return 1 when this call has woken it; 0 when it was awake already
	 */
	int (*wake)(struct parking *P, struct waiter *who);
};

/**
 * Opens a parking that parks by yielding: a parked coroutine yields, and each
 * time somebody resumes it, it looks whether it has been woken, and yields
 * again when not. So any loop that resumes coroutines drives it.
 * @param S the schedule whose coroutines it parks; must outlive their waits
 * @return the parking, owned by the caller until parking_close(); NULL with
 *         - EINVAL: S is NULL
 *         - ENOMEM: no memory
 *
 * It allocates a waiter only when more coroutines wait at once than ever
 * before, and keeps it.
 */
struct parking *parking_open(struct schedule *S);

/**
 * Closes what parking_open() made, and frees its waiters. Whoever still waits
 * must not be resumed any more: close the schedule first.
 * @param P NULL is allowed and does nothing
 */
void parking_close(struct parking *P);

/**
 * How often a coroutine was resumed, looked, and had not been woken: switches
 * for nothing.
 * @param P made by parking_open()
 * @return the number since it was opened
 */
long parking_vain(const struct parking *P);

#ifdef __cplusplus
}
#endif

#endif
