/*
 * The calls on sockets: each is a loop of try and wait.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "sockets.h"

#include <errno.h>
#include <unistd.h>

enum { CALL_MOST = 1 << 30 }; /* bytes of one call: some systems take no more */

static int refuse(int error)
{
	errno = error;
	return -1;
}

//! [transfer]
/* A call has failed. Returns whether it is to be made again. */
static int again(struct sockets *N, int fd, int want)
{
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return errno == EINTR;
	socket_blocked(N, fd, want);
	return 1;
}

/* Reads into `in`, or writes from `out`. */
static ssize_t attempt(struct sockets *N, int fd, void *in, const void *out,
		       size_t size)
{
	size_t most = size < CALL_MOST ? size : CALL_MOST;
	ssize_t count = in != NULL ? read(fd, in, most) : write(fd, out, most);

	if (count > 0 && (size_t)count < most)
		socket_spent(N, fd, in != NULL ? POLLER_READ : POLLER_WRITE);
	return count;
}

/* Waits as long as the system says EAGAIN. */
static ssize_t transfer(struct sockets *N, int fd, void *in, const void *out,
			size_t size)
{
	int want = in != NULL ? POLLER_READ : POLLER_WRITE;
	ssize_t count;

	if (in == NULL && out == NULL)
		return refuse(EINVAL);
	do {
		if (socket_await(N, fd, want) == -1)
			return -1;
		count = attempt(N, fd, in, out, size);
	} while (count == -1 && again(N, fd, want));
	return count;
}
//! [transfer]

ssize_t socket_read(struct sockets *N, int fd, void *buffer, size_t size)
{
	return transfer(N, fd, buffer, NULL, size);
}

ssize_t socket_write(struct sockets *N, int fd, const void *buffer, size_t size)
{
	return transfer(N, fd, NULL, buffer, size);
}

ssize_t socket_read_full(struct sockets *N, int fd, void *buffer, size_t size)
{
	size_t done = 0;
	ssize_t count = 1;

	while (done < size && count > 0) {
		count = socket_read(N, fd, (char *)buffer + done, size - done);
		if (count > 0)
			done += (size_t)count;
	}
	return count == -1 ? -1 : (ssize_t)done;
}

ssize_t socket_write_full(struct sockets *N, int fd, const void *buffer,
			  size_t size)
{
	size_t done = 0;
	ssize_t count = 0;

	while (done < size && count != -1) {
		count = socket_write(N, fd, (const char *)buffer + done,
				     size - done);
		if (count > 0)
			done += (size_t)count;
	}
	return count == -1 ? -1 : (ssize_t)done;
}

/* Without waiting: EAGAIN is an answer. */
static ssize_t attempt_now(struct sockets *N, int fd, void *in, const void *out,
			   size_t size)
{
	int want = in != NULL ? POLLER_READ : POLLER_WRITE;
	ssize_t count;

	if (socket_adopted(N, fd) == -1)
		return -1;
	if (in == NULL && out == NULL)
		return refuse(EINVAL);
	do
		count = attempt(N, fd, in, out, size);
	while (count == -1 && again(N, fd, want) && errno == EINTR);
	if (count == -1 && errno == EWOULDBLOCK)
		errno = EAGAIN;
	return count;
}

ssize_t socket_try_read(struct sockets *N, int fd, void *buffer, size_t size)
{
	return attempt_now(N, fd, buffer, NULL, size);
}

ssize_t socket_try_write(struct sockets *N, int fd, const void *buffer,
			 size_t size)
{
	ssize_t count = attempt_now(N, fd, NULL, buffer, size);

	return count == -1 && errno == EAGAIN ? 0 : count;
}

void socket_will_reset(int fd)
{
	static const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* Whom nobody will serve must not take that for the end of an empty stream: a
 * reset in place of an end. */
static int send_away(int fd)
{
	int error = errno;

	socket_will_reset(fd);
	close(fd);
	return refuse(error);
}

int socket_accept(struct sockets *N, int fd)
{
	int made;

	do {
		if (socket_await(N, fd, POLLER_READ) == -1)
			return -1;
		made = accept(fd, NULL, NULL);
	} while (made == -1 && (errno == ECONNABORTED || errno == EPROTO ||
				again(N, fd, POLLER_READ)));
	if (made != -1 && socket_adopt(N, made) == -1)
		return send_away(made);
	return made;
}

int socket_connect(struct sockets *N, int fd, const struct sockaddr *address,
		   socklen_t length)
{
	socklen_t size = sizeof(int);
	int error = 0;

	if (socket_adopted(N, fd) == -1)
		return -1;
	if (address == NULL)
		return refuse(EINVAL);
	if (connect(fd, address, length) == 0)
		return 0;
	/* Interrupted, it goes on all the same; made again, it would be
	 * EALREADY. */
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	socket_blocked(N, fd, POLLER_READ | POLLER_WRITE);
	if (socket_await(N, fd, POLLER_WRITE) == -1)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
		return -1;
	return error ? refuse(error) : 0;
}
