/* System calls, counted and made to fail, and time that is a number: for programs
 * that are linked with what WRAP_CALLS in tests.mk says. A poller that is asked
 * to sleep only looks, and when there is nothing the clock goes on by as much as
 * it would have slept. Include it after starve.h. */
#ifndef CALLS_H
#define CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lessons/10-timer/timer.h"

/* The calls up to EPOLL_WAIT can be interrupted, and are by chaos. */
enum call {
	READ,
	WRITE,
	ACCEPT,
	CONNECT,
	POLL,
	EPOLL_WAIT,
	CLOSE,
	EPOLL_CREATE1,
	EPOLL_CTL,
	GETSOCKOPT,
	SOCKET,
	BIND,
	LISTEN,
	PIPE,
	FCNTL,
	CALLS
};

enum { HIGHEST = 4096, NAPS = 16 };

static struct {
	_Atomic long count; /* a thread may write into a pipe of ours */
	int skip;           /* so many go well first */
	int times;
	int error;
	size_t most; /* of a read or write; 0: all */
} calls[CALLS];

static int chaos; /* one call in so many fails, or is short */

static struct {
	long long now;
	long long naps[NAPS]; /* how long a poller was to sleep */
	int napped;
	long looks; /* at the clock */
	int wait;   /* milliseconds that news may take, of a network's time */
} sleeper;

static const char *backend; /* of the test at hand */

static int must_hurt(enum call call)
{
	calls[call].count++;
	if (calls[call].times > 0 && calls[call].skip-- <= 0) {
		calls[call].times--;
		errno = calls[call].error;
		return 1;
	}
	if (chaos && call <= EPOLL_WAIT && rand() % chaos == 0) {
		errno = EINTR;
		return 1;
	}
	return 0;
}

static inline void hurt(enum call call, int error, int times)
{
	calls[call].error = error;
	calls[call].skip = 0;
	calls[call].times = times;
}

static size_t shorten(enum call call, size_t size)
{
	if (calls[call].most > 0 && size > calls[call].most)
		return calls[call].most;
	if (chaos && size > 1 && rand() % chaos == 0)
		return 1 + (size_t)rand() % (size - 1);
	return size;
}

static inline void calls_begin(void)
{
	memset(calls, 0, sizeof(calls));
	memset(&sleeper, 0, sizeof(sleeper));
	chaos = 0;
}

static inline enum call waiting_call(void)
{
	return strcmp(backend, "epoll") == 0 ? EPOLL_WAIT : POLL;
}

static inline long all_calls(void)
{
	long sum = 0;

	for (int i = 0; i < CALLS; i++)
		sum += calls[i].count;
	return sum;
}

/* ---- The calls: names and signatures are the linker's -------------------- */

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __real_write(int fd, const void *buffer, size_t size);
int __real_accept4(int fd, void *address, socklen_t *length, int flags);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __real_close(int fd);
int __real_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __real_epoll_wait(int epoll, void *events, int room, int milliseconds);
int __real_epoll_ctl(int epoll, int operation, int fd, void *event);
int __real_getsockopt(int fd, int level, int name, void *value,
		      socklen_t *size);
int __real_epoll_create1(int flags);
int __real_socket(int family, int type, int protocol);
int __real_bind(int fd, const struct sockaddr *address, socklen_t length);
int __real_listen(int fd, int backlog);
int __real_pipe(int fds[2]);
int __real_fcntl(int fd, int command, ...);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size);
int __wrap_accept4(int fd, void *address, socklen_t *length, int flags);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_close(int fd);
int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __wrap_epoll_wait(int epoll, void *events, int room, int milliseconds);
int __wrap_epoll_ctl(int epoll, int operation, int fd, void *event);
int __wrap_getsockopt(int fd, int level, int name, void *value,
		      socklen_t *size);
int __wrap_epoll_create1(int flags);
int __wrap_socket(int family, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_listen(int fd, int backlog);
int __wrap_pipe(int fds[2]);
int __wrap_fcntl(int fd, int command, ...);

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	return must_hurt(READ) ? -1
			       : __real_read(fd, buffer, shorten(READ, size));
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
	return must_hurt(WRITE)
		       ? -1
		       : __real_write(fd, buffer, shorten(WRITE, size));
}

int __wrap_accept4(int fd, void *address, socklen_t *length, int flags)
{
	return must_hurt(ACCEPT) ? -1
				 : __real_accept4(fd, address, length, flags);
}

/* As a signal would have it: the connecting has begun. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = must_hurt(CONNECT) ? errno : 0,
	    result = __real_connect(fd, address, length);

	if (error) {
		errno = error;
		return -1;
	}
	return result;
}

int __wrap_close(int fd)
{
	int error = must_hurt(CLOSE) ? errno : 0, result = __real_close(fd);

	if (error) {
		errno = error;
		return -1;
	}
	return result;
}

/* Who sleeps for ever is woken by what is there already, or else never. */
static int nap(int milliseconds)
{
	if (milliseconds == 0)
		return 0;
	if (sleeper.napped < NAPS)
		sleeper.naps[sleeper.napped] = milliseconds;
	sleeper.napped++;
	return milliseconds == -1 ? 10000 : sleeper.wait;
}

static int rise(int count, int milliseconds)
{
	if (count == 0 && milliseconds == -1)
		fail_msg("asleep for ever");
	if (count == 0 && milliseconds > 0)
		sleeper.now += milliseconds * TIMER_MS;
	return count;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	if (must_hurt(POLL))
		return -1;
	return rise(__real_poll(fds, count, nap(milliseconds)), milliseconds);
}

int __wrap_epoll_wait(int epoll, void *events, int room, int milliseconds)
{
	if (must_hurt(EPOLL_WAIT))
		return -1;
	return rise(__real_epoll_wait(epoll, events, room, nap(milliseconds)),
		    milliseconds);
}

int __wrap_epoll_ctl(int epoll, int operation, int fd, void *event)
{
	return must_hurt(EPOLL_CTL)
		       ? -1
		       : __real_epoll_ctl(epoll, operation, fd, event);
}

/* On MIPS errors have numbers of their own, and qemu leaves the usual one here. */
static void repair(int name, int *error)
{
#if defined(__mips__)
	if (name == SO_ERROR && *error == 111)
		*error = ECONNREFUSED;
#else
	(void)name;
	(void)error;
#endif
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	int result;

	if (must_hurt(GETSOCKOPT))
		return -1;
	result = __real_getsockopt(fd, level, name, value, size);
	if (result == 0 && level == SOL_SOCKET)
		repair(name, (int *)value);
	return result;
}

int __wrap_epoll_create1(int flags)
{
	return must_hurt(EPOLL_CREATE1) ? -1 : __real_epoll_create1(flags);
}

int __wrap_socket(int family, int type, int protocol)
{
	return must_hurt(SOCKET) ? -1 : __real_socket(family, type, protocol);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length)
{
	return must_hurt(BIND) ? -1 : __real_bind(fd, address, length);
}

int __wrap_listen(int fd, int backlog)
{
	return must_hurt(LISTEN) ? -1 : __real_listen(fd, backlog);
}

int __wrap_pipe(int fds[2])
{
	return must_hurt(PIPE) ? -1 : __real_pipe(fds);
}

/* Whoever sets something hands in an int. */
int __wrap_fcntl(int fd, int command, ...)
{
	va_list more;
	int number = 0;

	va_start(more, command);
	if (command != F_GETFD && command != F_GETFL)
		number = va_arg(more, int);
	va_end(more);
	return must_hurt(FCNTL) ? -1 : __real_fcntl(fd, command, number);
}

/* ---- What a test asks for -------------------------------------------------- */

/* poll() says which are none: one call for many of them. */
static inline int open_descriptors(void)
{
	enum { AT_ONCE = 256 };
	struct pollfd fds[AT_ONCE];
	int count = 0;

	for (int fd = 0; fd < HIGHEST; fd += AT_ONCE) {
		for (int i = 0; i < AT_ONCE; i++)
			fds[i] = (struct pollfd){ .fd = fd + i };
		__real_poll(fds, AT_ONCE, 0);
		for (int i = 0; i < AT_ONCE; i++)
			count += !(fds[i].revents & POLLNVAL);
	}
	return count;
}

static long long fake_now(void *ud)
{
	assert_ptr_equal(ud, &sleeper);
	sleeper.looks++;
	return sleeper.now;
}

static const struct timer_clock fake = { fake_now, NULL, &sleeper };

/* ---- All tests, on both pollers ------------------------------------------ */

/* The words come behind the names, before the poller's. */
static inline int run_on_both_pollers(const char *group, const char *words,
				      const struct entry *entries, size_t count)
{
	static const char *const pollers[] = { "epoll", "poll" };
	char more[NAME_MAX_LENGTH];
	int failed = 0;

	for (size_t i = 0; i < 2; i++) {
		backend = pollers[i];
		snprintf(more, sizeof(more), "%s; %s", words, backend);
		failed |= run_entries_in_words(group, more, entries, count);
	}
	return failed;
}

#endif
