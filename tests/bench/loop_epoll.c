/* The loop of the callbacks, on epoll itself: a registration for good, and one
 * wait for many. By level: a message is one read, and no EAGAIN. */
#include "callback.h"
#include "side.h"

#include <sys/epoll.h>

enum { BATCH = 256 };

static int epoll;

void loop_open(void)
{
	epoll = epoll_create1(EPOLL_CLOEXEC);
	must(epoll != -1, "epoll_create1");
}

void loop_watch(struct end *e, int want)
{
	struct epoll_event event = { .data = { .ptr = e } };
	int operation = e->watcher ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (want & LOOP_READ)
		event.events |= EPOLLIN;
	if (want & LOOP_WRITE)
		event.events |= EPOLLOUT;
	must(epoll_ctl(epoll, operation, e->fd, &event) == 0, "epoll_ctl");
	e->watcher = e;
	e->watched = want;
}

void loop_forget(struct end *e)
{
	epoll_ctl(epoll, EPOLL_CTL_DEL, e->fd, NULL);
}

static int translate(const struct end *e, unsigned events)
{
	if (events & (EPOLLERR | EPOLLHUP))
		return e->watched;
	return (events & EPOLLIN ? LOOP_READ : 0) |
	       (events & EPOLLOUT ? LOOP_WRITE : 0);
}

void loop_run(void)
{
	static struct epoll_event events[BATCH];
	int count;

	for (;;) {
		count = epoll_wait(epoll, events, BATCH, -1);
		for (int i = 0; i < count; i++) {
			struct end *e = events[i].data.ptr;

			ready(e, translate(e, events[i].events));
		}
		finished();
	}
}
