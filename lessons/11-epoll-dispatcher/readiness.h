/**
 * @file
 * The epoll dispatcher: coroutines that wait until a descriptor is ready: a
 * socket, a pipe, a terminal. sockets.h has the calls that are built on it.
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
 * them are woken, in the order in which they came, and try again (but for whom
 * the loop has something done: socket_until()). When a
 * descriptor is closed, whoever waits for it gets ECANCELED. A report about a
 * descriptor that was closed, and whose number is in use again, reaches nobody.
 *
 * What holds for every call, here and in sockets.h:
 * - It is refused with EINVAL for NULL, and with EBADF for a descriptor that is
 *   not adopted.
 * - EINTR is never returned: an interrupted call is made again, except
 *   connect(), which goes on by itself, and close().
 * - **May suspend** means: when there is something to wait for. Who reads from
 *   a peer that is always faster lets others run by dispatcher_yield().
 * - A call that needs no waiting succeeds from outside of the dispatcher's
 *   coroutines too; one that must wait is refused there with EPERM.
 *
 * A child of fork() shares the descriptors and the poller with its parent, and
 * must leave the parent's alone: there socket_adopt() and dispatcher_run() fail
 * with EPERM. It may close what it does not need, and open sockets anew.
 */
#ifndef READINESS_H
#define READINESS_H

#include "../10-timer/timer.h"
#include "poller.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The sockets of one dispatcher: opaque, made by sockets_open(). */
struct sockets;

/**
 * Opens the sockets of a dispatcher, and is its source of news from now on:
 * they sleep in the poller, up to the timers' next moment, and no tick. A
 * SIGPIPE is ignored by the process from now on, unless it has a handler: whose
 * peer is gone gets EPIPE.
 * @param D      the dispatcher
 * @param T      its timers; their clock needs no sleep()
 * @param poller who tells what is ready; the sockets' from now on
 * @return the sockets, owned by the caller until sockets_close(), which comes
 *         before timer_close() and dispatcher_close(); NULL with
 *         - EINVAL: a NULL
 *         - ENOMEM: no memory; the poller stays the caller's
 */
struct sockets *sockets_open(struct dispatcher *D, struct timer *T,
			     struct poller *poller);

/**
 * Closes the poller and every descriptor that is still adopted. Whoever waits
 * for one stays parked, and must not run any more: close the timers and the
 * dispatcher next.
 * @param N NULL is allowed and does nothing
 * @return 0; -1 with EBUSY: called from inside, or by work of socket_until(),
 *         and they go on
 */
int sockets_close(struct sockets *N);

/**
 * Takes a descriptor on: registers it, and makes it non-blocking (for all who
 * share it: that is a property of what is open, not of the number). All memory
 * that single waits need is taken here. Does not suspend. Until socket_close(),
 * nobody else may close it.
 * @param N  the sockets
 * @param fd the descriptor
 * @return 0; -1 with
 *         - EPERM: a regular file or a directory, which is always ready and
 *           still makes the thread wait; lesson 15 has workers for those. Or a
 *           child of fork()
 *         - EEXIST: it is adopted already
 *         - EBADF: no descriptor
 *         - ENOMEM, ENOSPC: as poller::add
 */
int socket_adopt(struct sockets *N, int fd);

/**
 * Closes an adopted descriptor, and wakes all who wait for it with ECANCELED.
 * Does not suspend. The number is free even when -1 is returned, other than
 * with EBADF; never try again.
 * @param N  the sockets
 * @param fd the descriptor
 * @return 0; -1 with what close() said
 */
int socket_close(struct sockets *N, int fd);

/** What somebody waits for: an entry of socket_wait_any(). */
struct socket_want {
	int fd;    /**< an adopted descriptor */
	int want;  /**< POLLER_READ, POLLER_WRITE, or both */
	int ready; /**< answer: what of it is ready, 0 when nothing is. An error
	                or a hang-up makes ready all that is wanted */
};

/**
 * Waits until a descriptor is ready. Costs a system call more than a call that
 * tries: it has to look. **May suspend.**
 * @param N    the sockets
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both
 * @return what of it is ready, 1 to 3; -1 with
 *         - ETIMEDOUT: the deadline passed
 *         - ECANCELED: it was closed meanwhile
 *         - EPERM, ENOMEM or another error as in dispatcher_park()
 *         - EINVAL: another `want`
 */
int socket_wait(struct sockets *N, int fd, int want);

/**
 * Waits until one of several is ready: one request, many descriptors, one
 * deadline; the first event ends it. **May suspend.** The array may lie on the
 * caller's stack: it is read before the wait and written after.
 * @param N     the sockets
 * @param wants what is waited for, and the answers
 * @param count how many, 1 or more
 * @return how many are ready, 1 or more, and which in `ready`; -1 as
 *         socket_wait(), or ENOMEM: the first wait for so many takes memory
 */
int socket_wait_any(struct sockets *N, struct socket_want *wants, int count);

/* ---- For who builds further calls: recvfrom(), sendmsg() ... ------------- */

/**
 * Whether a descriptor is adopted.
 * @param N  the sockets
 * @param fd the descriptor
 * @return 0: it is; -1 with EBADF, or EINVAL
 */
int socket_adopted(struct sockets *N, int fd);

/**
 * Waits until a call is worth a try: nobody has met EAGAIN since the last
 * report. **May suspend.** Every call that waits is a loop of this, the
 * system's call, and socket_blocked().
 * @param N    the sockets
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both: either of them
 * @return 0; -1 as socket_wait()
 */
int socket_await(struct sockets *N, int fd, int want);

/**
 * What is to be done at a descriptor, and needs no stack of its own: it never
 * waits, nor does what it calls. In the loop a wait is refused with EPERM; where
 * the coroutine tries the work nobody refuses it, so that is no test.
 * @param ud what was handed to socket_until(). It must not lie on the
 *           coroutine's stack, which may be another's by then
 * @return not 0: it is done, and the coroutine goes on; 0: there is more to come
 */
typedef int (*socket_work)(void *ud);

/**
 * Waits until work is done. The coroutine tries it at once, if the descriptor is
 * worth a try. From then on **the loop tries it, on the loop's stack**, at each
 * report: so while there is more to come no coroutine runs. When the work leaves
 * the descriptor ready, the coroutine goes on with it, and lets others run before
 * each further try; as long as it does so, no deadline and no interrupt ends it.
 * Work that is done counts, even if the deadline passes or the descriptor is
 * closed in the same moment. **May suspend.**
 * @param N    the sockets
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both: when it is tried
 * @param work what is tried; it may close the descriptor, but not the sockets
 * @param ud   handed to work; stays the caller's
 * @return 0: it is done; -1 as socket_wait(), or with EINVAL: no work. After -1
 *         work is not called any more
 *
 * The idea is Boost.Asio's, where the steps of a composed operation are run by
 * the loop, and whoever began it goes on at its end.
 */
int socket_until(struct sockets *N, int fd, int want, socket_work work,
		 void *ud);

/**
 * Says that the system's call has failed with EAGAIN: the next socket_await()
 * waits. Only then may it be said, or right after socket_adopt(), before anybody
 * else runs; a report that was true is not repeated.
 * @param N    the sockets
 * @param fd   the descriptor; one that is not adopted does no harm
 * @param want the direction in which it failed
 */
void socket_blocked(struct sockets *N, int fd, int want);

/**
 * Says that a call has taken fewer bytes than it could have. Where that means
 * EAGAIN for the next one, which is so with TCP, this saves asking.
 * @param N    the sockets
 * @param fd   the descriptor; one that is not adopted does no harm
 * @param want the direction
 */
void socket_spent(struct sockets *N, int fd, int want);

#ifdef __cplusplus
}
#endif

#endif
