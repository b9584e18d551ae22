/*
 * Counts the system calls of a program that knows nothing of it: a library that
 * stands before libc (LD_PRELOAD), and adds to numbers in a file that it shares
 * with whoever started it. A swapcontext() is one system call too, for the
 * signal mask, and has a number of its own.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "count.h"

#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

static struct counts own, *counts = &own;

static __attribute__((constructor)) void begin(void)
{
	const char *fd = getenv(COUNTS_FD);
	void *shared;

	if (fd == NULL)
		return;
	shared = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED,
		      atoi(fd), 0);
	if (shared != MAP_FAILED)
		counts = shared;
}

/* A function of libc's name that counts, and then calls libc's. */
#define COUNTED(number, type, name, parameters, arguments)          \
	type name parameters                                        \
	{                                                           \
		static type(*libcs) parameters;                     \
                                                                    \
		if (libcs == NULL)                                  \
			*(void **)&libcs = dlsym(RTLD_NEXT, #name); \
		counts->number++;                                   \
		return libcs arguments;                             \
	}

COUNTED(calls, ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
COUNTED(calls, ssize_t, write, (int fd, const void *from, size_t size),
	(fd, from, size))
COUNTED(calls, ssize_t, readv, (int fd, const struct iovec *v, int n),
	(fd, v, n))
COUNTED(calls, ssize_t, writev, (int fd, const struct iovec *v, int n),
	(fd, v, n))
COUNTED(calls, ssize_t, recv, (int fd, void *to, size_t size, int flags),
	(fd, to, size, flags))
COUNTED(calls, ssize_t, send,
	(int fd, const void *from, size_t size, int flags),
	(fd, from, size, flags))
COUNTED(calls, int, poll, (struct pollfd * fds, nfds_t n, int wait),
	(fds, n, wait))
COUNTED(calls, int, select,
	(int n, fd_set *in, fd_set *out, fd_set *other, struct timeval *wait),
	(n, in, out, other, wait))
COUNTED(calls, int, epoll_wait,
	(int fd, struct epoll_event *events, int room, int wait),
	(fd, events, room, wait))
COUNTED(calls, int, epoll_pwait,
	(int fd, struct epoll_event *events, int room, int wait,
	 const sigset_t *mask),
	(fd, events, room, wait, mask))
COUNTED(calls, int, epoll_ctl,
	(int epoll, int operation, int fd, struct epoll_event *event),
	(epoll, operation, fd, event))
COUNTED(calls, int, timerfd_settime,
	(int fd, int flags, const struct itimerspec *now,
	 struct itimerspec *before),
	(fd, flags, now, before))
COUNTED(switches, int, swapcontext, (ucontext_t * from, const ucontext_t *to),
	(from, to))
COUNTED(switches, int, setcontext, (const ucontext_t *to), (to))
