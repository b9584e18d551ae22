/**
 * @file
 * The dispatcher: a ready queue, and one loop that runs who is in it.
 *
 * A coroutine of the dispatcher is ready (in the queue), running, or parked: in
 * no queue at all until somebody wakes it. So a switch is made only for one who
 * can go on. The queue is first in, first out, and the loop goes by **rounds**:
 * a round runs only those who were ready when it began. Whoever becomes ready
 * meanwhile runs in the next round; between two rounds the dispatcher asks its
 * source for news from outside (lesson 10: time; lesson 11: descriptors). So
 * nobody who is ready starves, and neither does the outside.
 *
 * When nobody is ready, and no news can come, nothing can ever run again: it is
 * said who waits for what, by name, and dispatcher_run() returns.
 *
 * (The ideas: lthread's and libgo's ready queues; Go's and libtask's report of
 * a deadlock; the round is this course's answer to two coroutines that keep
 * waking each other.)
 *
 * Rules that hold for every call:
 * - A failure is a value: -1 or NULL with `errno` set, and nothing has changed.
 *   A NULL dispatcher is refused with EINVAL.
 * - A dispatcher belongs to the thread that opened it, and to the process: open
 *   it after fork(). Nothing here may be called from a signal handler.
 * - Calls that park work on the *running* coroutine. They are refused with
 *   EPERM outside of the dispatcher's coroutines, and inside a generator that
 *   one of them resumes by coroutine_resume(): who sleeps must be known to the
 *   loop.
 * - Its coroutines step aside by dispatcher_yield(). A bare coroutine_yield()
 *   of theirs comes back at once.
 * - After open, nothing here allocates, except what coroutine.h does: a stack when
 *   it is used for the first time, and images of the frames where stacks are
 *   shared. That is where ENOMEM comes from.
 */
#ifndef COROUTINE_DISPATCHER_H
#define COROUTINE_DISPATCHER_H

#include "../07-cond/parking.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A dispatcher: opaque, made by dispatcher_open(). */
struct dispatcher;

/**
 * What a coroutine of a dispatcher runs. Returning ends it.
 * @param D  the dispatcher
 * @param ud what was handed to dispatcher_spawn()
 * @return its result, for dispatcher_join(); never a pointer to a local of its
 *         own
 */
typedef void *(*dispatcher_func)(struct dispatcher *D, void *ud);

/** The states of a dispatcher's coroutine; dispatcher_event() tells the moves
 *  between them. */
enum {
	DISPATCHER_GONE = 0,          /**< joined, detached, or never made */
	DISPATCHER_READY = 1,         /**< in the ready queue */
	DISPATCHER_RUNNING = 2,       /**< the one that executes now */
	DISPATCHER_ON_COND = 3,       /**< parked: in the line of a cond */
	DISPATCHER_ON_JOIN = 4,       /**< parked: waits for another's end */
	DISPATCHER_ON_TIMER = 5,      /**< parked: sleeps (lesson 10) */
	DISPATCHER_ON_DESCRIPTOR = 6, /**< parked: waits for a descriptor
	                                   (lesson 11) */
	DISPATCHER_INTERRUPTED = 7,   /**< in the ready queue, but its wait has
	                                   failed: the call returns -1 */
	DISPATCHER_ENDED = 8          /**< its result waits to be joined */
};

/** How many states there are, numbered from 0; and how long a name may be. */
enum { DISPATCHER_STATES = 9, DISPATCHER_NAME = 32 };

/** What dispatcher_open() gives when it is not asked for something else. */
enum {
	DISPATCHER_SLOTS =
		sizeof(void *) > 4 ? 30000 : 4000, /**< coroutines at a time:
	                                              what the address space has
	                                              room for */
	DISPATCHER_STACK_SIZE =
		65536 /**< bytes of a stack of one's own; touched
	                                   only as deep as a coroutine goes */
};

/* ---- A dispatcher ------------------------------------------------------ */

/**
 * Opens a dispatcher with a schedule of its own.
 * @param options of the schedule, as in coroutine_open_with(), but with other
 *                defaults; NULL: all of them.
 *                - `slots`: how many coroutines can live, or wait to be joined,
 *                  at once; default DISPATCHER_SLOTS
 *                - `stacks`: **default: as many as slots**. Each coroutine has a
 *                  stack of its own, and a pointer to a local is good anywhere
 *                  while its function runs. The system limits their number (on
 *                  Linux to about 32,000, see vm.max_map_count).
 *                  With fewer, several coroutines share a stack, and then a
 *                  pointer to a local must never be used by anybody else: those
 *                  bytes are another coroutine's while its own sleeps. What that
 *                  buys is memory: a parked coroutine keeps the bytes that it
 *                  uses (about 1,400) in place of whole pages
 *                - `stack_size`: default DISPATCHER_STACK_SIZE, or that of
 *                  coroutine_open_with() when stacks are shared
 * @return the dispatcher, owned by the caller until dispatcher_close(); NULL
 *         with errno as in coroutine_open_with()
 */
struct dispatcher *dispatcher_open(const struct coroutine_options *options);

/**
 * Closes a dispatcher and its schedule. Coroutines that have not ended end
 * where they stand, as in coroutine_close().
 * @param D NULL is allowed and does nothing
 * @return 0; -1 with EBUSY from inside, and it goes on
 */
int dispatcher_close(struct dispatcher *D);

/**
 * Runs coroutines, round after round, until all have ended. Called from
 * outside, and again after new ones were spawned.
 * @param D the dispatcher
 * @return 0 when all have ended; how many have not, when dispatcher_stop() has
 *         ended it; -1 with
 *         - EDEADLK: nobody is ready and no news can come. dispatcher_report()
 *           has been written to stderr; those who wait stay as they are, so
 *           somebody outside may wake one and call this again
 *         - EBUSY: called from inside
 *         - what the source failed with
 */
int dispatcher_run(struct dispatcher *D);

/**
 * Lets dispatcher_run() return when the round is over, though coroutines are
 * left: they stay as they are, and a further call goes on with them. From
 * inside; from outside it counts for the next call. Does not suspend.
 * @param D the dispatcher
 * @return 0; -1 with EINVAL
 */
int dispatcher_stop(struct dispatcher *D);

/**
 * One round: asks the source for news, then runs those who are ready, each
 * once. For those who have a loop of their own.
 * @param D    the dispatcher
 * @param wait 1: when nobody is ready, let the source sleep until news comes;
 *             0: only look
 * @return how many coroutines have not ended; -1 as dispatcher_run(), EDEADLK
 *         unreported, and only when `wait` is 1
 */
int dispatcher_round(struct dispatcher *D, int wait);

/**
 * Whether a round would find somebody to run. Who has a loop of its own goes on
 * with rounds as long as this is not 0, and sleeps only then.
 * @param D the dispatcher
 * @return how many coroutines are in the ready queue; -1 with EINVAL
 */
int dispatcher_ready(const struct dispatcher *D);

/**
 * Writes who waits for what, a line for each parked coroutine in the order of
 * their slots. dispatcher_run() writes it to stderr, below a line that says so:
 *
 *     deadlock: nobody is left to wake these
 *       baker waits for cond "an order"
 *       clerk waits for the end of "baker"
 *
 * @param D  the dispatcher
 * @param to where
 * @return how many are parked; -1 with EINVAL
 */
int dispatcher_report(struct dispatcher *D, FILE *to);

/* ---- Its coroutines ---------------------------------------------------- */

/**
 * Makes a coroutine; it is READY at the end of the queue. From inside or
 * outside. Takes constant time.
 * @param D    the dispatcher
 * @param name for reports; copied, cut at DISPATCHER_NAME - 1 bytes; NULL: ""
 * @param func what it runs
 * @param ud   handed to func; stays the caller's
 * @return its id, 0 or more, good for the calls below; -1 with
 *         - EAGAIN: every slot is taken, by living coroutines or by ended ones
 *           that nobody has joined
 *         - ENOMEM: the system maps no further stack, as in coroutine_new()
 *         - EINVAL: func (or D) is NULL
 *
 * Somebody must join or detach it, or its slot stays taken. The id is the
 * dispatcher's, not coroutine_running()'s, and is as safe against mistaken
 * identity as those.
 */
int dispatcher_spawn(struct dispatcher *D, const char *name,
		     dispatcher_func func, void *ud);

/**
 * Makes a coroutine that nobody joins: spawn and detach in one call. From inside
 * or outside.
 * @param D    the dispatcher
 * @param name as in dispatcher_spawn()
 * @param func what it runs; its result is dropped
 * @param ud   handed to func; stays the caller's
 * @return its id; -1 as dispatcher_spawn()
 */
int dispatcher_start(struct dispatcher *D, const char *name,
		     dispatcher_func func, void *ud);

/**
 * Waits until a coroutine has ended, takes its result, and gives its slot back.
 * **May suspend**, unless it has ended already; then it may be called from
 * outside too.
 * @param D      the dispatcher
 * @param id     whom to join
 * @param result where its result goes; NULL: nowhere. Written after the wait,
 *               by the caller's own coroutine, so a local will do
 * @return 0; -1 with
 *         - ESRCH: no such coroutine, or it is joined or detached already
 *         - EDEADLK: it is the running coroutine itself
 *         - EBUSY: another coroutine is joining it
 *         - EPERM: it has not ended, and the caller cannot be parked
 *         - ENOMEM, ETIMEDOUT ...: the wait failed; join it again. Who has to,
 *           whatever has struck, shields himself: dispatcher_shield()
 */
int dispatcher_join(struct dispatcher *D, int id, void **result);

/**
 * Nobody will join this coroutine: its result is dropped, and its slot is given
 * back at its end (at once when it has ended).
 * @param D  the dispatcher
 * @param id whom to detach
 * @return 0; -1 with
 *         - ESRCH: no such coroutine, or it is joined or detached already
 *         - EBUSY: another coroutine is joining it
 */
int dispatcher_detach(struct dispatcher *D, int id);

/**
 * Steps aside and is READY again, at the end of the queue: all others who are
 * ready run first. **May suspend.** Is not a wait: it is never interrupted.
 * @param D the dispatcher
 * @return 0; -1 with
 *         - EPERM: not called by the dispatcher's running coroutine
 *         - ENOMEM: its frames could not be kept, and it goes on
 */
int dispatcher_yield(struct dispatcher *D);

/**
 * Who runs.
 * @param D the dispatcher
 * @return the id of the dispatcher's running coroutine; -1 with EPERM outside
 */
int dispatcher_self(struct dispatcher *D);

/**
 * What a coroutine is now.
 * @param D  the dispatcher
 * @param id of whom
 * @return one of the states; DISPATCHER_GONE for every id that names nobody
 */
int dispatcher_status(struct dispatcher *D, int id);

/**
 * The name of a coroutine.
 * @param D  the dispatcher
 * @param id of whom
 * @return the name, good until it is joined or has ended detached; NULL with
 *         ESRCH
 */
const char *dispatcher_name(struct dispatcher *D, int id);

/* ---- Sleep, wake, and ends that come from outside ---------------------- */

/**
 * Parks the running coroutine until somebody wakes it by its id. **May
 * suspend**; not when it is interrupted already.
 * @param D     the dispatcher
 * @param state how: DISPATCHER_ON_COND to DISPATCHER_ON_DESCRIPTOR
 * @param what  for what, in words, for reports; kept by pointer until it is
 *              woken, so never on the coroutine's own stack
 * @return 0 when it was woken; -1 with
 *         - the error that dispatcher_wake() or dispatcher_interrupt() gave
 *         - EPERM: not called by the dispatcher's running coroutine
 *         - ENOMEM: its frames could not be kept, and it goes on
 *         - EINVAL: no such state, or `what` is NULL
 */
int dispatcher_park(struct dispatcher *D, int state, const char *what);

/**
 * Wakes a parked coroutine: it is at the end of the ready queue. Never
 * switches; from inside or outside. Takes constant time.
 * @param D     the dispatcher
 * @param id    whom
 * @param error 0: its wait succeeds, and it is READY; otherwise its wait fails
 *              with this errno, and it is INTERRUPTED
 * @return 1 when this call has woken it; 0 when it was not parked (any more),
 *         and nothing has changed; -1 with ESRCH: no such coroutine
 */
int dispatcher_wake(struct dispatcher *D, int id, int error);

/**
 * From now on every wait of a coroutine fails with `error`, the one it stands
 * in too, until this is called with 0. What needs no waiting goes on to
 * succeed. The last call counts. So one coroutine cancels another, by custom
 * with ECANCELED: the other hears of it at its next wait, and ends by its own
 * way out.
 * @param D     the dispatcher
 * @param id    whom
 * @param error an errno; 0: its waits are waits again
 * @return 1 when it was parked and is INTERRUPTED; 0 when not; -1 with ESRCH
 */
int dispatcher_interrupt(struct dispatcher *D, int id, int error);

/**
 * The same for all coroutines, those of the future too. What is set for one of
 * them comes first.
 * @param D     the dispatcher
 * @param error an errno; 0: waits are waits again
 * @return how many were parked and are INTERRUPTED; -1 with EINVAL
 */
int dispatcher_interrupt_all(struct dispatcher *D, int error);

/**
 * How a coroutine's waits end now.
 * @param D  the dispatcher
 * @param id of whom
 * @return the errno of dispatcher_interrupt() for this one, or for all, or of a
 *         deadline that has passed (lesson 10), in this order; 0: none, or it is
 *         shielded; -1 with ESRCH (or EINVAL for a NULL dispatcher)
 */
int dispatcher_interrupted(struct dispatcher *D, int id);

/**
 * Shields the running coroutine: until dispatcher_unshield(), neither an
 * interrupt nor a deadline ends its waits. For a clean-up that has to wait, such
 * as a last join, after a time-out or a cancel has struck. Shields nest. Does
 * not suspend.
 * @param D the dispatcher
 * @return 0; -1 with EPERM: not called by the dispatcher's running coroutine
 */
int dispatcher_shield(struct dispatcher *D);

/**
 * Takes the last shield back; what has struck meanwhile counts from the next
 * wait on.
 * @param D the dispatcher
 * @return 0; -1 with EPERM: not called by the running coroutine, or there is no
 *         shield
 */
int dispatcher_unshield(struct dispatcher *D);

/* ---- What belongs to it ------------------------------------------------- */

/**
 * The dispatcher as one who parks and wakes, for cond_init().
 * @param D the dispatcher
 * @return the parking, which is the dispatcher's; NULL with EINVAL
 */
struct parking *dispatcher_parking(struct dispatcher *D);

/**
 * The schedule in which the dispatcher's coroutines live, for generators that
 * they make and resume for themselves.
 * @param D the dispatcher
 * @return the schedule, which is the dispatcher's; NULL with EINVAL
 */
struct schedule *dispatcher_schedule(struct dispatcher *D);

/* ---- The state table --------------------------------------------------- */

/**
 * A trace: called at every change of state.
 * @param ud   what was handed to dispatcher_trace()
 * @param D    the dispatcher
 * @param id   the coroutine that changes
 * @param from its old state
 * @param to   its new state
 *
 * It must not switch or change anything in D; dispatcher_name() is allowed.
 */
typedef void (*dispatcher_tracer)(void *ud, struct dispatcher *D, int id,
				  int from, int to);

/**
 * Sets the trace of a dispatcher; costs one comparison per change while unset.
 * @param D      the dispatcher
 * @param tracer called from now on; NULL ends the trace
 * @param ud     handed to tracer; stays the caller's
 * @return 0; -1 with EINVAL
 */
int dispatcher_trace(struct dispatcher *D, dispatcher_tracer tracer, void *ud);

/**
 * The event that moves a coroutine from one state to another: the state table
 * itself, which the dispatcher asserts at every change and the state diagrams
 * are drawn from. The words are those of lesson 9: new, exit, join, yield,
 * resume; timeout, cond, socket I/O.
 * @param from the old state
 * @param to   the new state
 * @return a static string; NULL when there is no such move, or no such state
 */
const char *dispatcher_event(int from, int to);

/**
 * The name of a state, in capitals: "ON_COND".
 * @param state its number
 * @return a static string; NULL when there is no such state
 */
const char *dispatcher_status_name(int state);

#ifdef __cplusplus
}
#endif

#endif
