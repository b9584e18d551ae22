/**
 * @file
 * The epoll dispatcher: coroutines that wait until a descriptor is ready: a
 * socket, a pipe, a terminal. sockets.h has the calls that are built on it, and
 * loop.h opens all of it in one call.
 *
 * A descriptor stays registered with the poller from socket_adopt() to
 * socket_close(), so a wait costs no system call of its own but the poller's,
 * which serves all.
 *
 * There is one deadline for all: timer_deadline() of lesson 10. When it passes,
 * a call that waits returns -1 with ETIMEDOUT. What is ready in the same moment
 * comes first.
 *
 * Any number of coroutines may wait for one descriptor and direction; all of
 * them are woken, in the order in which they came, and try again. When a
 * descriptor is closed, whoever waits for it gets ECANCELED. A report about a
 * descriptor that was closed, and whose number is in use again, reaches nobody.
 *
 * What holds for every call, here and in sockets.h:
 * - It is refused with EINVAL for NULL, and with EBADF for a descriptor that is
 *   not adopted.
 * - EINTR is never returned: an interrupted call is made again, except
 *   connect(), which goes on by itself, and close().
 * - **May suspend** means: when there is something to wait for, or when the
 *   coroutine has had its turn: after NETWORK_TURN calls in a row that did not
 *   have to wait, or NETWORK_TURN_BYTES bytes, the next call lets the others run
 *   first. So nobody is starved by a peer that is always faster. The end of a turn
 *   is a wait: whoever is interrupted, or whose deadline has passed, hears of it
 *   there at the latest, even if its bytes never cease.
 * - A call that needs no waiting succeeds from outside of the dispatcher's
 *   coroutines too; one that must wait is refused there with EPERM.
 *
 * A child of fork() shares the descriptors and the poller with its parent, and
 * must leave the parent's alone: there socket_adopt() and dispatcher_run() fail
 * with EPERM. It may close what it does not need, and open sockets anew.
 */
#ifndef COROUTINE_READINESS_H
#define COROUTINE_READINESS_H

#include "../10-timer/timer.h"
#include "poller.h"

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The descriptors of one dispatcher: opaque, made by network_open(). */
struct network;

/** How much one coroutine does before the others have a turn: a few dozen
 *  microseconds. */
enum {
	NETWORK_TURN = 16,          /**< calls */
	NETWORK_TURN_BYTES = 262144 /**< bytes */
};

/**
 * Opens what waits for a dispatcher's descriptors. From now on its timers sleep
 * in the poller. A SIGPIPE is ignored by the process from now on, unless it has a
 * handler: whose peer is gone gets EPIPE.
 * @param T      the timers of the dispatcher; their clock needs no sleep()
 * @param poller who tells what is ready; the network's from now on
 * @return the network, owned by the caller until network_close(), which comes
 *         before timer_close() and dispatcher_close(); NULL with
 *         - EINVAL: a NULL
 *         - ENOMEM, EBUSY, ENOSPC: as waiter_reserve(); the poller stays the
 *           caller's
 */
struct network *network_open(struct timer *T, struct poller *poller);

/**
 * Closes the poller and every descriptor that is still adopted. Whoever waits
 * for one stays parked, and must not run any more: close the timers and the
 * dispatcher next.
 * @param N NULL is allowed and does nothing
 * @return 0; -1 with EBUSY: called from inside, by work of the loop or by its
 *         clock, and it goes on
 */
int network_close(struct network *N);

/**
 * How many coroutines wait for a descriptor. Who has a loop of its own, and finds
 * nobody here, nobody ready and no next moment, knows that nobody will run again
 * unless somebody outside wakes him: that is what dispatcher_run() calls EDEADLK.
 * @param N the network
 * @return the number; 0 for NULL
 */
int network_waiting(const struct network *N);

/**
 * A descriptor that becomes readable when there is news, for another loop to wait
 * for. Not to be read, closed or adopted.
 * @param N the network
 * @return the descriptor, which is the poller's; -1 with ENOTSUP: its poller has
 *         none (poll()), or EINVAL
 */
int network_descriptor(const struct network *N);

/**
 * Takes a descriptor on: registers it, and makes it non-blocking (for all who
 * share it: that is a property of what is open, not of the number). All memory
 * that single waits need is taken here. Does not suspend. Until socket_close(),
 * nobody else may close it.
 * @param N  the network
 * @param fd the descriptor
 * @return 0; -1 with
 *         - EPERM: a regular file or a directory, which is always ready and
 *           still makes the thread wait; lesson 15 has workers for those. Or a
 *           child of fork()
 *         - EEXIST: it is adopted already
 *         - EBADF: no descriptor
 *         - ENOMEM, ENOSPC: as poller::add
 */
int socket_adopt(struct network *N, int fd);

/**
 * Closes an adopted descriptor, and wakes all who wait for it with ECANCELED.
 * Does not suspend. The number is free even when -1 is returned, other than
 * with EBADF; never try again.
 * @param N  the network
 * @param fd the descriptor
 * @return 0; -1 with what close() said
 */
int socket_close(struct network *N, int fd);

/** What somebody waits for: an entry of socket_wait_any(). */
struct socket_want {
	int fd;    /**< an adopted descriptor */
	int want;  /**< POLLER_READ, POLLER_WRITE, or both */
	int ready; /**< answer: what of it is ready, 0 when nothing is. An error
	                or a hang-up makes ready all that is wanted */
};

/**
 * Waits until one of several is ready: one request, many descriptors, one
 * deadline; the first event ends it. Costs a system call more than a call that
 * tries: it has to look. **May suspend.** The array may lie on the
 * caller's stack: it is read before the wait and written after.
 * @param N     the network
 * @param wants what is waited for, and the answers
 * @param count how many, 1 or more
 * @return how many are ready, 1 or more, and which in `ready`; -1 with
 *         - ETIMEDOUT: the deadline passed
 *         - ECANCELED: one was closed meanwhile
 *         - ENOMEM: the first wait for so many takes memory
 *         - EPERM or another error as in waiter_park()
 *         - EINVAL: another `want`
 */
int socket_wait_any(struct network *N, struct socket_want *wants, int count);

/* ---- For who builds further calls: recvfrom(), sendmsg() ... ------------- */

/**
 * Whether a descriptor is adopted.
 * @param N  the network
 * @param fd the descriptor
 * @return 0: it is; -1 with EBADF, or EINVAL
 */
int socket_adopted(struct network *N, int fd);

/**
 * One try of a call: read(), accept(), sendmsg() ... It must not wait.
 * @param N  the network
 * @param fd the descriptor
 * @param ud what was handed to socket_perform()
 * @return what the system's call returns: -1 with EAGAIN when there is something
 *         to wait for
 */
typedef ssize_t (*socket_attempt)(struct network *N, int fd, void *ud);

/**
 * What every call is: try, wait while the system says EAGAIN, try again. Whoever
 * knows already that a try is in vain waits first. **May suspend**, but not
 * between the last try and the return.
 * @param N       the network
 * @param fd      the descriptor
 * @param want    POLLER_READ, POLLER_WRITE, or both: either of them makes it worth
 *                a try
 * @param attempt the try
 * @param ud      handed to attempt; may lie on the caller's stack
 * @return what the last try returned; -1 also with
 *         - ETIMEDOUT: the deadline passed
 *         - ECANCELED: it was closed meanwhile
 *         - EPERM, ENOMEM or another error as in waiter_park()
 *         - EINVAL: another `want`
 */
ssize_t socket_perform(struct network *N, int fd, int want,
		       socket_attempt attempt, void *ud);

/**
 * Waits until a call is worth a try: nobody has met EAGAIN since the last
 * report. **May suspend.**
 * @param N    the network
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both: either of them
 * @return 0; -1 as socket_perform()
 */
int socket_await(struct network *N, int fd, int want);

/**
 * Says that the system's call has failed with EAGAIN: the next call
 * waits. Only then may it be said, or right after socket_adopt(), before anybody
 * else runs; a report that was true is not repeated.
 * @param N    the network
 * @param fd   the descriptor; one that is not adopted does no harm
 * @param want the direction in which it failed
 */
void socket_blocked(struct network *N, int fd, int want);

/**
 * Says that a call has moved bytes: they count for the coroutine's turn.
 * @param N     the network
 * @param count how many
 */
void socket_moved(struct network *N, size_t count);

/**
 * Says that a call has taken fewer bytes than it could have. Where that means
 * EAGAIN for the next one, which is so with TCP, this saves asking.
 * @param N    the network
 * @param fd   the descriptor; one that is not adopted does no harm
 * @param want the direction
 */
void socket_spent(struct network *N, int fd, int want);

#ifdef __cplusplus
}
#endif

#endif
