/**
 * @file
 * Timers: sleep, and a deadline for every waiting call.
 *
 * A coroutine has at most one **deadline**. While it is set, every wait of that
 * coroutine (cond_wait(), semaphore_wait(), dispatcher_join(), timer_sleep(),
 * the socket calls of lesson 11) ends at that moment at the latest: it returns
 * -1 with ETIMEDOUT, and so does every further wait, until the deadline is set
 * anew. What needs no waiting goes on to succeed. So one deadline serves one
 * wait, or a whole request of many reads.
 *
 *     timer_deadline(T, timer_now(T) + 5 * TIMER_SECOND);
 *     result = cond_wait(&answer);
 *     timer_deadline(T, TIMER_NEVER);
 *
 * A time-out is never taken for a signal, nor a signal for a time-out:
 * whichever comes first ends the wait, and the other finds nobody there to
 * wake.
 *
 * The clock is handed in, so that tests bring their own and take no time. The
 * timers wait in a binary min-heap (heap.h), and a program that has nothing to
 * do sleeps up to the earliest: there is no tick.
 *
 * (One deadline beside any number of events is the notes' decision; the heap is
 * libevent's.)
 *
 * Moments and durations are nanoseconds in a long long, which lasts 292 years. A
 * moment is 0 or later: one before that is taken for 0, in a clock as well.
 */
#ifndef COROUTINE_TIMER_H
#define COROUTINE_TIMER_H

#include "../09-ready-queue/waiter.h"

#include <limits.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A moment that never comes. */
#define TIMER_NEVER LLONG_MAX
/** Nanoseconds of a millisecond; no enum, whose constants are ints and would
 *  overflow after two seconds. */
#define TIMER_MS 1000000LL
/** Nanoseconds of a second. */
#define TIMER_SECOND 1000000000LL

/** A clock: what the time is, and how to let it pass. */
struct timer_clock {
	/** The time now; must never go back. */
	long long (*now)(void *ud);
	/** Sleeps up to a moment, and may return before it. 0, or -1 with errno
	 *  to end dispatcher_run(). NULL where a sleeper does that
	 *  (timer_sleeper(), below: the poller of lesson 11). */
	int (*sleep)(void *ud, long long until);
	/** Handed to both; stays the caller's. */
	void *ud;
};

/** The timers of one dispatcher: opaque, made by timer_open(). */
struct timer;

/**
 * Opens the timers of a dispatcher, and is its source of news from now on. All
 * memory is taken here: no later call can run out of it.
 * @param D     the dispatcher; must be closed after the timers
 * @param clock copied; NULL: the system's CLOCK_MONOTONIC
 * @return the timers, owned by the caller until timer_close(); NULL with
 *         - EINVAL: no dispatcher, or a clock without `now`
 *         - ENOMEM, EBUSY, ENOSPC: as waiter_reserve(). So timers are opened
 *           before the first coroutine is spawned
 */
struct timer *timer_open(struct dispatcher *D, const struct timer_clock *clock);

/**
 * Closes the timers; nobody sleeps or has a deadline any more. Sleepers stay
 * parked, and the dispatcher's source is none.
 * @param T NULL is allowed and does nothing
 */
void timer_close(struct timer *T);

/**
 * Looks at the clock that was handed in.
 * @param T the timers
 * @return the time now, 0 or later
 */
long long timer_now(struct timer *T);

/**
 * Sleeps. **May suspend**, even when `duration` is 0: then all others who are
 * ready run first.
 * @param T        the timers
 * @param duration nanoseconds; 0 or less: up to the next round
 * @return 0 when that time has passed, never before; -1 with
 *         - ETIMEDOUT: the coroutine's deadline came first
 *         - EPERM, ENOMEM or another error as in dispatcher_park()
 *         - EINVAL: T is NULL
 */
int timer_sleep(struct timer *T, long long duration);

/**
 * Sleeps up to a moment: what repeats in equal intervals does not drift so.
 * **May suspend.**
 * @param T    the timers
 * @param when a moment, as timer_now() tells it; TIMER_NEVER: until somebody
 *             wakes it by dispatcher_wake()
 * @return and errno as timer_sleep()
 */
int timer_sleep_until(struct timer *T, long long when);

/**
 * Sets the running coroutine's deadline. Does not suspend; O(log n).
 * @param T    the timers
 * @param when a moment; TIMER_NEVER: none. One that has passed already: waits
 *             fail at once
 * @return the deadline that was set before, TIMER_NEVER when none, so that a
 *         function can put it back as it found it; -1 with
 *         - EPERM: not called by the dispatcher's running coroutine
 *         - EINVAL: T is NULL, or `when` is negative
 */
long long timer_deadline(struct timer *T, long long when);

/**
 * Up to when nothing is due. Who has a loop of its own sleeps so long, unless
 * dispatcher_ready().
 * @param T the timers
 * @return the earliest moment at which a coroutine's sleep or deadline ends;
 *         TIMER_NEVER when there is none
 */
long long timer_next(struct timer *T);

/* ---- For who sleeps in the clock's place: the poller of lesson 11 ------- */

/**
 * Sleeps in the clock's place, and brings other news than time.
 * @param ud    what was handed to timer_sleeper()
 * @param until up to when: a moment; 0: only look; TIMER_NEVER: until there is
 *              news
 * @return 1: it has woken somebody, or may do so later; 0: nobody waits for what
 *         it brings (with TIMER_NEVER it has not slept then); -1 with errno to
 *         end dispatcher_run()
 */
typedef int (*timer_sleeping)(void *ud, long long until);

/**
 * Sets who sleeps in the clock's place; asked once in every round.
 * @param T     the timers
 * @param sleep called from now on; NULL: the clock sleeps again
 * @param ud    handed to sleep; stays the caller's
 */
void timer_sleeper(struct timer *T, timer_sleeping sleep, void *ud);

/**
 * The dispatcher that these timers belong to.
 * @param T the timers
 * @return the dispatcher, which is not the timers'
 */
struct dispatcher *timer_dispatcher(struct timer *T);

#ifdef __cplusplus
}
#endif

#endif
