#ifndef HELLO_H
#define HELLO_H

#include <errno.h>
#include <sys/socket.h>

/* connect(2), as the test lets you see it. */
int hello_connect(int fd, const struct sockaddr *address, socklen_t length);

/*
 * Waits until the descriptor is writable. Returns 0; -1 with errno when it will
 * not wait any longer, such as ETIMEDOUT. A signal does not end it.
 */
int hello_wait(int fd);

/*
 * getsockopt(2) of SO_ERROR: puts the error of the socket into *error, 0 when
 * there is none, and the socket forgets it. Returns 0; -1 with errno when it
 * cannot be asked. (On some systems that is how the error of a connect is told.)
 */
int hello_error(int fd, int *error);

/*
 * Connects a non-blocking socket, and waits until it is connected. Returns 0; -1
 * with errno that tells why not. The descriptor is the caller's, and stays open.
 */
int hello(int fd, const struct sockaddr *address, socklen_t length);

#endif
