/*
 * The calls on sockets. Each is one try, which socket_perform() makes until it
 * need not wait.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* glibc: accept4() */
#endif

#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum {
	CALL_MOST = 1 << 30, /* bytes of one call: some systems take no more */
	BACKLOG = 4096       /* the system may have a lower bound */
};

static int refuse(int error)
{
	errno = error;
	return -1;
}

//! [transfer]
/* Bytes to move: into `in`, or from `out`. */
struct bytes {
	void *in;
	const void *out;
	size_t size;
};

/* One read() or write(); never a wait. */
static ssize_t move(struct network *N, int fd, void *ud)
{
	struct bytes *b = ud;
	size_t most = b->size < CALL_MOST ? b->size : CALL_MOST;
	ssize_t count =
		b->in != NULL ? read(fd, b->in, most) : write(fd, b->out, most);

	if (count > 0)
		socket_moved(N, (size_t)count);
	if (count > 0 && (size_t)count < most)
		socket_spent(N, fd, b->in != NULL ? POLLER_READ : POLLER_WRITE);
	return count;
}

ssize_t socket_read(struct network *N, int fd, void *buffer, size_t size)
{
	struct bytes b = { buffer, NULL, size };

	if (buffer == NULL)
		return refuse(EINVAL);
	return socket_perform(N, fd, POLLER_READ, move, &b);
}

ssize_t socket_write_some(struct network *N, int fd, const void *buffer,
			  size_t size)
{
	struct bytes b = { NULL, buffer, size };

	if (buffer == NULL)
		return refuse(EINVAL);
	return socket_perform(N, fd, POLLER_WRITE, move, &b);
}
//! [transfer]

ssize_t socket_read_full(struct network *N, int fd, void *buffer, size_t size)
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

ssize_t socket_write(struct network *N, int fd, const void *buffer, size_t size)
{
	size_t done = 0;
	ssize_t count = 0;

	while (done < size && count != -1) {
		count = socket_write_some(N, fd, (const char *)buffer + done,
					  size - done);
		if (count > 0)
			done += (size_t)count;
	}
	return count == -1 ? -1 : (ssize_t)done;
}

/* Without waiting: EAGAIN is an answer. */
static ssize_t move_now(struct network *N, int fd, int want, struct bytes *b)
{
	ssize_t count;

	if (socket_adopted(N, fd) == -1)
		return -1;
	if (b->in == NULL && b->out == NULL)
		return refuse(EINVAL);
	do
		count = move(N, fd, b);
	while (count == -1 && errno == EINTR);
	if (count == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		socket_blocked(N, fd, want);
		errno = EAGAIN;
	}
	return count;
}

ssize_t socket_try_read(struct network *N, int fd, void *buffer, size_t size)
{
	struct bytes b = { buffer, NULL, size };

	return move_now(N, fd, POLLER_READ, &b);
}

ssize_t socket_try_write(struct network *N, int fd, const void *buffer,
			 size_t size)
{
	struct bytes b = { NULL, buffer, size };

	return move_now(N, fd, POLLER_WRITE, &b);
}

void socket_will_reset(int fd)
{
	static const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void socket_at_once(int fd)
{
	int yes = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int socket_listen(const char *address, int port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	int is_six, yes = 1, fd, error;

	if (address == NULL)
		address = "127.0.0.1";
	is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
	if (port < 0 || port > 65535 ||
	    (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1))
		return refuse(EINVAL);
	six.sin6_port = four.sin_port = htons((unsigned short)port);
	fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(fd,
		 is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
		 is_six ? sizeof six : sizeof four) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	return refuse(error);
}

int socket_port(int fd)
{
	struct sockaddr_storage own;
	socklen_t length = sizeof own;

	if (getsockname(fd, (struct sockaddr *)&own, &length) == -1)
		return -1;
	if (own.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&own)->sin_port);
	if (own.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&own)->sin6_port);
	return refuse(EINVAL);
}

/* One accept(). No program that this one starts inherits the descriptor: Linux
 * and the BSDs can be asked for that in the call itself; elsewhere it comes as
 * early as can be. */
static ssize_t accept_one(struct network *N, int fd, void *ud)
{
	int made;

	(void)N, (void)ud;
	do {
#ifdef SOCK_CLOEXEC
		made = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
#else
		made = accept(fd, NULL, NULL);
		if (made != -1)
			fcntl(made, F_SETFD, FD_CLOEXEC);
#endif
	} while (made == -1 && (errno == ECONNABORTED || errno == EPROTO));
	return made;
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

int socket_accept(struct network *N, int fd)
{
	int made = (int)socket_perform(N, fd, POLLER_READ, accept_one, NULL);

	if (made == -1)
		return -1;
	socket_at_once(made);
	return socket_adopt(N, made) == -1 ? send_away(made) : made;
}

int socket_connect(struct network *N, int fd, const struct sockaddr *address,
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
