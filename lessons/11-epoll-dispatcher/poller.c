/*
 * The poller on poll(): POSIX.1-2001 and nothing else. The entry of a
 * descriptor is the one of its number. poll() tells what *is* ready, each time
 * it is asked; so an entry is asked about only from want() up to its next
 * report: it tells once, as epoll does.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "poller.h"
#include "poller_epoll.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAP = 10 }; /* milliseconds: see ask_in_pieces() */

struct poller_on_poll {
	struct poller poller;       /* first: a pointer to it is one to all */
	struct pollfd *fds;         /* .fd is -1 while nothing is wanted */
	unsigned long long *tokens; /* 0: not added */
	int room;                   /* entries */
	int top;  /* one more than the highest number ever added */
	int next; /* where to look first: no number is preferred */
};

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* An entry for each number up to `fd`. */
static int grow(struct poller_on_poll *p, int fd)
{
	size_t room = 2 * (size_t)fd + 64;
	void *fds, *tokens;

	fds = realloc(p->fds, room * sizeof *p->fds);
	if (fds == NULL)
		return -1;
	p->fds = fds;
	tokens = realloc(p->tokens, room * sizeof *p->tokens);
	if (tokens == NULL)
		return -1;
	p->tokens = tokens;
	for (; (size_t)p->room < room; p->room++) {
		p->fds[p->room] = (struct pollfd){ -1, 0, 0 };
		p->tokens[p->room] = 0;
	}
	return 0;
}

static int is_added(const struct poller_on_poll *p, int fd)
{
	return fd >= 0 && fd < p->room && p->tokens[fd] != 0;
}

static int poll_add(struct poller *table, int fd, unsigned long long token)
{
	struct poller_on_poll *p = (struct poller_on_poll *)table;
	struct stat s;

	if (fstat(fd, &s) == -1)
		return -1;
	if (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode))
		return refuse(EPERM); /* poll() itself would say: ready */
	if (is_added(p, fd))
		return refuse(EEXIST);
	if (fd >= p->room && grow(p, fd) == -1)
		return -1;
	p->tokens[fd] = token;
	if (fd >= p->top)
		p->top = fd + 1;
	return 0;
}

static int poll_want(struct poller *table, int fd, int want,
		     unsigned long long token)
{
	struct poller_on_poll *p = (struct poller_on_poll *)table;

	(void)token;
	if (!is_added(p, fd))
		return refuse(ENOENT);
	p->fds[fd].fd = fd;
	if (want & POLLER_READ)
		p->fds[fd].events |= POLLIN;
	if (want & POLLER_WRITE)
		p->fds[fd].events |= POLLOUT;
	return 0;
}

/* What is reported is not asked about again until it is wanted again. */
static int report(struct pollfd *entry)
{
	int ready = 0;

	if (entry->revents & (POLLERR | POLLHUP | POLLNVAL)) {
		ready = POLLER_READ | POLLER_WRITE | POLLER_END;
		entry->events = 0;
	}
	if (entry->revents & POLLIN)
		ready |= POLLER_READ;
	if (entry->revents & POLLOUT)
		ready |= POLLER_WRITE;
	entry->events = (short)(entry->events & ~entry->revents);
	if (entry->events == 0)
		entry->fd = -1;
	return ready;
}

static int poll_remove(struct poller *table, int fd)
{
	struct poller_on_poll *p = (struct poller_on_poll *)table;

	if (!is_added(p, fd))
		return refuse(ENOENT);
	p->fds[fd] = (struct pollfd){ -1, 0, 0 };
	p->tokens[fd] = 0;
	return 0;
}

/* poll() takes no more entries than there may be descriptors, and that limit can
 * fall while we run. Then it is asked in pieces, every few milliseconds. */
static int ask_in_pieces(struct poller_on_poll *p, int milliseconds)
{
	long piece = sysconf(_SC_OPEN_MAX);
	int found, nap, count;

	for (;; milliseconds -= milliseconds > 0 ? nap : 0) {
		found = 0;
		for (long at = 0; at < p->top; at += piece) {
			count = poll(p->fds + at,
				     (nfds_t)(p->top - at < piece ? p->top - at
								  : piece),
				     0);
			if (count == -1)
				return -1;
			found += count;
		}
		if (found > 0 || milliseconds == 0)
			return found;
		nap = milliseconds > 0 && milliseconds < NAP ? milliseconds
							     : NAP;
		if (poll(NULL, 0, nap) == -1)
			return -1;
	}
}

static int ask(struct poller_on_poll *p, int milliseconds)
{
	int found = poll(p->fds, (nfds_t)p->top, milliseconds);

	if (found == -1 && errno == EINVAL && sysconf(_SC_OPEN_MAX) > 0 &&
	    sysconf(_SC_OPEN_MAX) < p->top)
		return ask_in_pieces(p, milliseconds);
	return found;
}

static int poll_sleep(struct poller *table, struct poller_event *events,
		      int room, int milliseconds)
{
	struct poller_on_poll *p = (struct poller_on_poll *)table;
	int left = ask(p, milliseconds), count = 0, fd;

	if (left == -1) /* EAGAIN: the kernel has no memory at the moment */
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	for (int i = 0; i < p->top && left > 0 && count < room; i++) {
		fd = (p->next + i) % p->top;
		if (p->fds[fd].fd == -1 || p->fds[fd].revents == 0)
			continue;
		events[count].token = p->tokens[fd];
		events[count++].ready = report(&p->fds[fd]);
		left--;
		if (count == room)
			p->next = fd + 1;
	}
	return count;
}

static void poll_close(struct poller *table)
{
	struct poller_on_poll *p = (struct poller_on_poll *)table;

	free(p->fds);
	free(p->tokens);
	free(p);
}

struct poller *poller_poll(void)
{
	static const struct poller table = {
		.name = "poll",
		.add = poll_add,
		.want = poll_want,
		.remove = poll_remove,
		.wait = poll_sleep,
		.close = poll_close,
	};
	struct poller_on_poll *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->poller = table;
	return &p->poller;
}

struct poller *poller_open(const char *name)
{
	struct poller *p;

	if (name != NULL && strcmp(name, "poll") == 0)
		return poller_poll();
	if (name != NULL && strcmp(name, "epoll") != 0) {
		errno = EINVAL;
		return NULL;
	}
	p = poller_epoll();
	if (p == NULL && name == NULL && errno == ENOSYS)
		return poller_poll();
	return p;
}
