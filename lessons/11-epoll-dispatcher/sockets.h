/**
 * @file
 * The epoll dispatcher: calls on sockets (and pipes, and terminals) that park
 * the coroutine where the system's own would block the thread.
 *
 * Each call tries first, and waits only when the system says EAGAIN. A
 * descriptor stays registered with the poller from socket_adopt() to
 * socket_close(), so a wait costs no system call of its own but the poller's,
 * which serves all. The coroutine makes the call itself when it runs again: so
 * a buffer may lie on its stack, even a shared one. (The system tells *that* it
 * is ready; it is not handed the buffer to write into later.)
 *
 * There is one deadline for all: timer_deadline() of lesson 10. When it passes,
 * a call that waits returns -1 with ETIMEDOUT.
 *
 * Any number of coroutines may wait for one descriptor and direction; all of
 * them are woken, and try again. When a descriptor is closed, whoever waits for
 * it gets ECANCELED. A report about a descriptor that was closed, and whose
 * number is in use again, reaches nobody.
 *
 * Every call here is refused with EINVAL for NULL, and with EBADF for a
 * descriptor that was not adopted. EINTR is never returned: an interrupted call
 * is made again, except close(), and connect(), which goes on by itself.
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "../10-timer/timer.h"
#include "poller.h"

#include <sys/socket.h>
#include <sys/types.h>

/** The sockets of one dispatcher: opaque, made by sockets_open(). */
struct sockets;

/**
 * Opens the sockets of a dispatcher, and is its source of news from now on:
 * they sleep in the poller, up to the timers' next moment, and no tick.
 * @param D      the dispatcher
 * @param T      its timers
 * @param poller who tells what is ready; theirs from now on
 * @return the sockets, owned by the caller until sockets_close(), which comes
 *         before timer_close() and dispatcher_close(); NULL with
 *         - EINVAL: a NULL
 *         - ENOMEM: no memory; the poller stays the caller's
 */
struct sockets *sockets_open(struct dispatcher *D, struct timer *T,
			     struct poller *poller);

/**
 * Closes the poller and every descriptor that is still adopted.
 * @param N NULL is allowed and does nothing
 * @return 0; -1 with EBUSY: called from inside
 */
int sockets_close(struct sockets *N);

/**
 * Takes a descriptor on: makes it non-blocking, and registers it. All memory
 * that its waits need is taken here. Does not suspend.
 * @param N  the sockets
 * @param fd the descriptor
 * @return 0; -1 with
 *         - EPERM: a regular file or a directory, which is always ready and
 *           still makes the thread wait; lesson 15 has workers for those
 *         - EEXIST: it is adopted already
 *         - EBADF, ENOMEM, ENOSPC: as poller::add
 */
int socket_adopt(struct sockets *N, int fd);

/**
 * Closes an adopted descriptor, and wakes all who wait for it with ECANCELED.
 * Does not suspend. The descriptor is closed even when -1 is returned, other
 * than with EBADF.
 * @param N  the sockets
 * @param fd the descriptor
 * @return 0; -1 with what close() said
 */
int socket_close(struct sockets *N, int fd);

/**
 * Reads what there is; waits while there is nothing. **May suspend.**
 * @param N      the sockets
 * @param fd     the descriptor
 * @param buffer where the bytes go
 * @param size   how many fit
 * @return how many bytes, 1 to `size`; 0: the end; -1 with
 *         - ETIMEDOUT: the deadline passed; ECANCELED: it was closed meanwhile
 *         - EPERM, ENOMEM as in dispatcher_park()
 *         - what read() said
 */
ssize_t socket_read(struct sockets *N, int fd, void *buffer, size_t size);

/**
 * Writes what there is room for; waits while there is none. **May suspend.** A
 * peer that is gone is EPIPE, and no SIGPIPE for a socket.
 * @param N      the sockets
 * @param fd     the descriptor
 * @param buffer the bytes
 * @param size   how many
 * @return how many bytes, 1 to `size` (0 for 0); -1 as socket_read()
 */
ssize_t socket_write(struct sockets *N, int fd, const void *buffer,
		     size_t size);

/**
 * Reads until `size` bytes are there, or the end. **May suspend**, often.
 * @param N      the sockets
 * @param fd     the descriptor
 * @param buffer where the bytes go
 * @param size   how many fit
 * @return how many bytes; fewer than `size` when the end came, or an error
 *         after some bytes, which the next call returns again; -1 as
 *         socket_read()
 */
ssize_t socket_read_full(struct sockets *N, int fd, void *buffer, size_t size);

/**
 * Writes all. **May suspend**, often.
 * @param N      the sockets
 * @param fd     the descriptor
 * @param buffer the bytes
 * @param size   how many
 * @return `size`; fewer when an error came after some bytes; -1 as
 *         socket_read()
 */
ssize_t socket_write_full(struct sockets *N, int fd, const void *buffer,
			  size_t size);

/**
 * Accepts a connection, adopted already. **May suspend.**
 * @param N  the sockets
 * @param fd a listening socket
 * @return its descriptor, owned by the caller until socket_close(); -1 with
 *         EMFILE, ENFILE (nothing is lost: the connection waits), or as
 *         socket_read(). A connection that went away before it was accepted is
 *         passed over
 */
int socket_accept(struct sockets *N, int fd);

/**
 * Connects an adopted socket. **May suspend.**
 * @param N       the sockets
 * @param fd      an adopted socket
 * @param address where to
 * @param length  bytes of it
 * @return 0; -1 with what connect() said in the end (ECONNREFUSED ...), or as
 *         socket_read(): then close it, for it may connect yet
 */
int socket_connect(struct sockets *N, int fd, const struct sockaddr *address,
		   socklen_t length);

/** What somebody waits for: an entry of socket_wait_any(). */
struct socket_want {
	int fd;    /**< an adopted descriptor */
	int want;  /**< POLLER_READ, POLLER_WRITE, or both */
	int ready; /**< answer: what it is ready for, 0 when for nothing */
};

/**
 * Waits until a descriptor is ready; one that is so already is found by one
 * system call more. **May suspend.**
 * @param N    the sockets
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both
 * @return what it is ready for, as in `want`; -1 as socket_read()
 */
int socket_wait(struct sockets *N, int fd, int want);

/**
 * Waits until one of several is ready: one request, many descriptors, one
 * deadline; the first event ends it. **May suspend.** May allocate. The array
 * may lie on the caller's stack: it is read before the wait and written after.
 * @param N     the sockets
 * @param wants what is waited for, and the answers
 * @param count how many
 * @return how many are ready, 1 or more, and which in `ready`; -1 as
 *         socket_read(), or ENOMEM
 */
int socket_wait_any(struct sockets *N, struct socket_want *wants, int count);

#endif
