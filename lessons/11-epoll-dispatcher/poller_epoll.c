/*
 * The poller on epoll: the one file of the course that is Linux only.
 *
 * It is edge-triggered: an event is told once, when it happens, and the
 * descriptor is registered once. Reading is registered from the beginning. Room
 * to write is registered when somebody first waits for it: a socket pair or a
 * pipe would tell of every byte that its other side takes out.
 */
#include "poller_epoll.h"

#include <errno.h>
#include <stddef.h>

#if defined(__linux__)

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ROOM = 256 }; /* reports of one call: 3 kB */

struct poller_on_epoll {
	struct poller poller; /* first: a pointer to it is one to the whole */
	int epoll;
	struct epoll_event events[ROOM];
};

static int control(struct poller *p, int operation, int fd, unsigned events,
		   unsigned long long token)
{
	struct epoll_event e = { .events = events | EPOLLET,
				 .data = { .u64 = token } };

	return epoll_ctl(((struct poller_on_epoll *)p)->epoll, operation, fd,
			 &e);
}

enum { READING = EPOLLIN | EPOLLRDHUP | EPOLLPRI };

static int epoll_add(struct poller *p, int fd, unsigned long long token)
{
	return control(p, EPOLL_CTL_ADD, fd, READING, token);
}

/* Who wants to read has met EAGAIN: the next byte is an event. Writing may be
 * new to the kernel; when told, it reports at once what is ready already. */
static int epoll_want(struct poller *p, int fd, int want,
		      unsigned long long token)
{
	if (!(want & POLLER_WRITE))
		return 0;
	return control(p, EPOLL_CTL_MOD, fd, READING | EPOLLOUT, token);
}

static int epoll_remove(struct poller *p, int fd)
{
	return control(p, EPOLL_CTL_DEL, fd, 0, 0);
}

/* The kernel's words in ours. */
static int translate(unsigned events)
{
	int ready = 0;

	if (events & (EPOLLERR | EPOLLHUP))
		return POLLER_READ | POLLER_WRITE | POLLER_END;
	if (events & EPOLLIN)
		ready |= POLLER_READ;
	if (events & EPOLLOUT)
		ready |= POLLER_WRITE;
	if (events & (EPOLLRDHUP | EPOLLPRI))
		ready |= POLLER_READ | POLLER_END;
	return ready;
}

static int epoll_sleep(struct poller *p, struct poller_event *events, int room,
		       int milliseconds)
{
	struct poller_on_epoll *e = (struct poller_on_epoll *)p;
	int count;

	count = epoll_wait(e->epoll, e->events, room < ROOM ? room : ROOM,
			   milliseconds);
	if (count == -1)
		return errno == EINTR ? 0 : -1;
	for (int i = 0; i < count; i++) {
		events[i].token = e->events[i].data.u64;
		events[i].ready = translate(e->events[i].events);
	}
	return count;
}

static void epoll_close(struct poller *p)
{
	close(((struct poller_on_epoll *)p)->epoll);
	free(p);
}

static int epoll_descriptor(struct poller *p)
{
	return ((struct poller_on_epoll *)p)->epoll;
}

struct poller *poller_epoll(void)
{
	static const struct poller table = { .name = "epoll",
					     .add = epoll_add,
					     .want = epoll_want,
					     .remove = epoll_remove,
					     .wait = epoll_sleep,
					     .close = epoll_close,
					     .descriptor = epoll_descriptor };
	struct poller_on_epoll *e = malloc(sizeof *e);

	if (e == NULL)
		return NULL;
	e->poller = table;
	e->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (e->epoll == -1) {
		int error = errno;

		free(e);
		errno = error;
		return NULL;
	}
	return &e->poller;
}

#else

struct poller *poller_epoll(void)
{
	errno = ENOSYS;
	return NULL;
}

#endif
