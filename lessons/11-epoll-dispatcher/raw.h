/*
 * What the programs have in common that look at epoll itself: Linux only.
 */
#ifndef COROUTINE_RAW_H
#define COROUTINE_RAW_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

/* What a call returned, and the errno when it failed. */
static inline const char *said(int result)
{
	static char number[16];

	if (result != -1) {
		snprintf(number, sizeof number, "%d", result);
		return number;
	}
	return errno == EEXIST     ? "EEXIST"
	       : errno == EBADF    ? "EBADF"
	       : errno == EAGAIN   ? "EAGAIN"
	       : errno == EINTR    ? "EINTR"
	       : errno == EPERM    ? "EPERM"
	       : errno == EALREADY ? "EALREADY"
				   : strerror(errno);
}

static inline int control(int epoll, int operation, int fd, unsigned events)
{
	struct epoll_event e = { .events = events, .data = { .fd = fd } };

	return epoll_ctl(epoll, operation, fd, &e);
}

/* How many are ready now: 0 or 1, when one is registered. */
static inline int ready(int epoll)
{
	struct epoll_event e;

	return epoll_wait(epoll, &e, 1, 0);
}

#endif
