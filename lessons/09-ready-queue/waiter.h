/**
 * @file
 * For those who build waiting calls: how a coroutine of the dispatcher is put to
 * sleep and woken, and what a module keeps for each of them. Timers, sockets
 * and channels are built on this; a program that only uses them needs
 * dispatcher.h alone.
 *
 * The handle here is the `struct waiter *` of a coroutine, the same that a cond
 * keeps in its line. It is good while the coroutine lives. Ids (dispatcher.h)
 * are for everybody else: they may be kept for as long as one likes.
 *
 * A waiting call goes like this. It never needs memory, and nothing of it is
 * left behind, however the wait ends:
 *
 *     me = waiter_self(D);
 *     (put yourself into a line that somebody looks at)
 *     result = waiter_park(me, DISPATCHER_ON_COND, "an answer");
 *     (leave the line)
 *
 * **One record for each coroutine.** A module that has to know more of a
 * coroutine reserves a part of its record when it is opened, finds it by
 * waiter_part(), and is told when the coroutine has ended. The part is all
 * zeros when a coroutine begins. So no module has an array of its own to search
 * or to keep free of those who are gone.
 */
#ifndef COROUTINE_WAITER_H
#define COROUTINE_WAITER_H

#include "dispatcher.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The running coroutine.
 * @param D the dispatcher
 * @return its waiter, in no line; NULL with EPERM outside of the dispatcher's
 *         coroutines, or EINVAL
 */
struct waiter *waiter_self(struct dispatcher *D);

/**
 * The coroutine of an id.
 * @param D  the dispatcher
 * @param id of whom
 * @return its waiter, good while it lives; NULL with ESRCH: it has ended, or there
 *         is no such id; or EINVAL
 */
struct waiter *waiter_of(struct dispatcher *D, int id);

/**
 * Parks the running coroutine until it is woken. **May suspend**; not when it is
 * interrupted already.
 * @param me    the running coroutine, from waiter_self()
 * @param state how: DISPATCHER_ON_COND to DISPATCHER_ON_DESCRIPTOR. Or
 *              DISPATCHER_READY: it is no wait then, only a step aside
 * @param what  for what, in words, for reports; kept by pointer until it is
 *              woken, so never on the coroutine's own stack
 * @return 0 when it was woken; -1 with
 *         - the error that it was woken or interrupted with
 *         - EPERM: `me` is not running, or this is not its own stack
 *         - ENOMEM: its frames could not be kept, and it goes on
 *         - EINVAL: no such state, or a NULL
 */
int waiter_park(struct waiter *me, int state, const char *what);

/**
 * Wakes a parked coroutine: it is at the end of the ready queue. Never
 * switches; from inside or outside. Takes constant time.
 * @param w     whom; it has not ended
 * @param error 0: its wait succeeds, and it is READY; otherwise its wait fails
 *              with this errno, and it is INTERRUPTED
 * @return 1 when this call has woken it; 0 when it was not parked (any more),
 *         and nothing has changed
 */
int waiter_wake(struct waiter *w, int error);

/**
 * What a deadline does when it strikes: from now on every wait of the coroutine
 * fails with `error`, the one it stands in too, until this is called with 0. An
 * interrupt (dispatcher_interrupt()) is apart from it and comes first: each can
 * be taken back without touching the other.
 * @param w     whom; it has not ended
 * @param error an errno, by custom ETIMEDOUT; 0: the deadline is taken back
 * @return 1 when it was parked and is INTERRUPTED; 0 when not
 */
int waiter_expire(struct waiter *w, int error);

/**
 * How often control has gone to a coroutine since the dispatcher was opened: as
 * long as the number stays, the same one has been running.
 * @param D the dispatcher
 * @return the number, which wraps; 0 for NULL
 */
unsigned waiter_turns(const struct dispatcher *D);

/**
 * Whether the dispatcher is at work: a coroutine runs, or its source or its tracer
 * is called. A module that must not be closed then asks this.
 * @param D the dispatcher
 * @return 1 or 0; 0 for NULL
 */
int waiter_inside(struct dispatcher *D);

/**
 * Called when a coroutine that a module has reserved a part for has ended, or is
 * given up by dispatcher_close() or waiter_release(). It must not switch.
 * @param ud   what was handed to waiter_reserve()
 * @param part the module's part of the coroutine's record
 */
typedef void (*waiter_ended)(void *ud, void *part);

/**
 * Reserves a part in the record of each coroutine. To be called before the first
 * spawn: later, only a part of the same size that was released is to be had.
 * @param D     the dispatcher
 * @param size  bytes, 1 or more; aligned for any type
 * @param ended called at the end of each coroutine; NULL: nobody
 * @param ud    handed to ended; stays the caller's
 * @return the number of the part, 0 or more, for the calls below; -1 with
 *         - EBUSY: coroutines have been spawned already
 *         - ENOSPC: WAITER_PARTS are reserved
 *         - ENOMEM: no memory
 *         - EINVAL: no dispatcher, or no size
 */
int waiter_reserve(struct dispatcher *D, size_t size, waiter_ended ended,
		   void *ud);

/** How many parts can be reserved. */
enum { WAITER_PARTS = 8 };

/**
 * Gives a part back: `ended` is called for each coroutine that lives, and for
 * nobody after that.
 * @param D    the dispatcher
 * @param part its number
 */
void waiter_release(struct dispatcher *D, int part);

/**
 * A module's part of a coroutine's record.
 * @param w    whose
 * @param part its number
 * @return its address, the same while the coroutine lives
 */
void *waiter_part(struct waiter *w, int part);

/**
 * How many coroutines can live at once: what an array must hold that has a
 * place for each.
 * @param D the dispatcher
 * @return the number; -1 with EINVAL
 */
int waiter_slots(const struct dispatcher *D);

/**
 * Where news from outside comes from; asked once in every round.
 * @param ud   what was handed to dispatcher_source()
 * @param wait 0: somebody is ready, so only look; 1: nobody is, so sleep until
 *             there is news
 * @return 1 when it has woken somebody, or news may still come; 0 when none can
 *         come: nothing is waited for; -1 with errno to end dispatcher_run()
 *
 * It wakes coroutines by waiter_wake(), waiter_expire() and their like. While it
 * is asked nobody is running; it stands on the stack of the loop or, where
 * coroutines have stacks of their own, of the one that has just stepped aside.
 * Another round and close are refused with EBUSY.
 */
typedef int (*dispatcher_news)(void *ud, int wait);

/**
 * Sets the source; there is one. timer_open() (lesson 10) sets it.
 * @param D    the dispatcher
 * @param news asked from now on; NULL: there is no news from outside
 * @param ud   handed to news; stays the caller's
 * @return 0; -1 with EINVAL
 */
int dispatcher_source(struct dispatcher *D, dispatcher_news news, void *ud);

#ifdef __cplusplus
}
#endif

#endif
