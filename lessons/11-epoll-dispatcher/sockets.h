/**
 * @file
 * Calls on sockets (and pipes, and terminals) that park the coroutine where the
 * system's own would block the thread.
 *
 * Each call tries first, and waits only when the system says EAGAIN. The
 * coroutine makes the call itself when it runs again: so a buffer may lie on
 * its stack, even a shared one. (The system tells *that* it is ready; it is not
 * handed the buffer to write into later.)
 *
 * The rules of readiness.h hold for all of them. A system call that does not wait
 * is allowed on an adopted descriptor as on any other: shutdown(), setsockopt(),
 * getpeername(). To end what another coroutine serves, shutdown() it: the other
 * finds the end, and closes. socket_close() is for the owner alone, because the
 * number may be somebody else's at once.
 */
#ifndef COROUTINE_SOCKETS_H
#define COROUTINE_SOCKETS_H

#include "readiness.h"

#include <sys/socket.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads what there is; waits while there is nothing. **May suspend.**
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer where the bytes go
 * @param size   how many fit, 1 or more
 * @return how many bytes, 1 to `size`; 0: the end; -1 with
 *         what read() said, or with
 *         - ETIMEDOUT: the deadline passed
 *         - ECANCELED: it was closed meanwhile
 *         - EPERM, ENOMEM or another error as in waiter_park()
 */
ssize_t socket_read(struct network *N, int fd, void *buffer, size_t size);

/**
 * Reads until `size` bytes are there, or the end. **May suspend**, often.
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer where the bytes go
 * @param size   how many fit
 * @return `size`; fewer, or 0: the end came; -1 as socket_read(), also after
 *         some bytes, so that an error never looks like the end. Who needs
 *         those bytes calls socket_read() in a loop of his own
 */
ssize_t socket_read_full(struct network *N, int fd, void *buffer, size_t size);

/**
 * Writes all, as a blocking write() does. **May suspend**, often. Two coroutines that write to one
 * descriptor at a time may find their bytes mixed.
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer the bytes
 * @param size   how many
 * @return `size`; -1 as socket_read(), also after some bytes
 */
ssize_t socket_write(struct network *N, int fd, const void *buffer,
		     size_t size);

/**
 * Writes what there is room for; waits while there is none. **May suspend.** A
 * peer that is gone is EPIPE.
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer the bytes
 * @param size   how many
 * @return how many bytes, 1 to `size` (0 for 0); -1 as socket_read()
 */
ssize_t socket_write_some(struct network *N, int fd, const void *buffer,
			  size_t size);

/**
 * Reads what there is at this moment. Does not suspend: nobody else runs before
 * it returns.
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer where the bytes go
 * @param size   how many fit, 1 or more
 * @return how many bytes; 0: the end; -1 with what read() said; EAGAIN: there is
 *         nothing
 */
ssize_t socket_try_read(struct network *N, int fd, void *buffer, size_t size);

/**
 * Writes what there is room for at this moment. Does not suspend: nobody else
 * runs before it returns.
 * @param N      the network
 * @param fd     the descriptor
 * @param buffer the bytes
 * @param size   how many
 * @return how many bytes, often fewer than `size`; -1 with what write() said
 *         (EPIPE, ECONNRESET ...); EAGAIN: there is no room
 */
ssize_t socket_try_write(struct network *N, int fd, const void *buffer,
			 size_t size);

/**
 * Makes a reset of the end of a TCP socket: closing it does not say then that all
 * has been sent. Does not suspend. Other descriptors stay as they are;
 * nothing is told, and errno may change.
 * @param fd a descriptor, adopted or not
 */
void socket_will_reset(int fd);

/**
 * Small messages are sent at once and not held back for more (TCP_NODELAY). Of no
 * use for a local socket, and no harm. Does not suspend; errno may change.
 * @param fd a descriptor, adopted or not
 */
void socket_at_once(int fd);

/**
 * Opens a socket that listens, close-on-exec, on an address that may be in use
 * again at once. Its queue holds 4096 who are not accepted yet, or what the
 * system allows. Does not suspend.
 * @param address a numeric IPv4 or IPv6 address; NULL: 127.0.0.1
 * @param port    0 to 65535; 0: the system chooses, see socket_port()
 * @return the descriptor, the caller's, not adopted; -1 with errno as socket(),
 *         bind() and listen() give it, or EINVAL: no such address, or no such
 *         port
 */
int socket_listen(const char *address, int port);

/**
 * The port that a socket has.
 * @param fd a socket of IPv4 or IPv6, adopted or not
 * @return 1 to 65535; -1 with EINVAL: it has none, or what getsockname() said
 */
int socket_port(int fd);

/**
 * Accepts a connection, adopted already, close-on-exec and without
 * delay for small messages (TCP_NODELAY). **May suspend.**
 * @param N  the network
 * @param fd a listening socket
 * @return its descriptor, owned by the caller until socket_close(); -1 with
 *         - EMFILE, ENFILE: no descriptor is left. Nothing is lost: the
 *           connection waits, and the next call tries again at once, so sleep
 *           before it
 *         - ENOMEM, ENOSPC as in socket_adopt(): the connection is reset
 *         - another error as in socket_read()
 *
 * A connection that went away before it was accepted is passed over.
 */
int socket_accept(struct network *N, int fd);

/**
 * Connects an adopted socket. **May suspend.**
 * @param N       the network
 * @param fd      an adopted socket
 * @param address where to
 * @param length  bytes of it
 * @return 0; -1 with what connect() said in the end (ECONNREFUSED ...; EAGAIN
 *         of a local socket whose listener has no room), or as socket_read():
 *         then close it, for it may connect yet
 */
int socket_connect(struct network *N, int fd, const struct sockaddr *address,
		   socklen_t length);

#ifdef __cplusplus
}
#endif

#endif
