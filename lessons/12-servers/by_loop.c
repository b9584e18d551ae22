/*
 * Work of a connection by the loop, and the relay that is made of it: what
 * finds room is passed on where the report comes in.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "by_loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int refuse(int error)
{
	errno = error;
	return -1;
}

int connection_until(struct connection *c, int fd, int want, socket_work work,
		     void *ud)
{
	struct network *N = server_loop(c->server)->N;
	int result;

	do
		result = c->cut ? refuse(ECANCELED)
				: socket_until(N, fd, want, work, ud);
	while (result == -1 && connection_again(c));
	return c->cut ? refuse(ECANCELED) : result;
}

/* Where all pieces come in. */
static _Thread_local char piece[RELAY_PIECE];

//! [carry]
/* One direction. It is on the heap: the loop works with it, while the
 * coroutine's stack may be another's. */
struct direction {
	struct connection *c;
	int from, to;
	ssize_t last; /* what the last read has said; -1: it has failed */
	char *rest;   /* what there was no room for, or NULL */
	size_t size;
};

/* The system tells a failure once, and the other direction would see an end. So
 * the cut does not wait until a coroutine runs. */
static int fail(struct direction *d)
{
	d->last = -1;
	connection_cut(d->c);
	return 1;
}

/* Keeps the end of the piece, from `done` on, for the coroutine. */
static int keep(struct direction *d, size_t done)
{
	d->size = (size_t)d->last - done;
	d->rest = malloc(d->size);
	if (d->rest == NULL)
		return fail(d);
	memcpy(d->rest, piece + done, d->size);
	return 1;
}

/* The loop runs this: it passes on what has come. Returns 1 when a coroutine is
 * needed: to wait for room, to end, or because so much comes that others must have
 * a turn. */
static int carry(void *ud)
{
	struct direction *d = ud;
	ssize_t count;

	d->last = connection_try_read(d->c, d->from, piece, sizeof piece);
	if (d->last == -1)
		return errno == EAGAIN ? 0 : fail(d);
	if (d->last == 0)
		return 1;
	count = connection_try_write(d->c, d->to, piece, (size_t)d->last);
	if (count == -1 && errno != EAGAIN)
		return fail(d);
	if (count == -1)
		count = 0;
	if (count == d->last)
		return count == sizeof piece;
	return keep(d, (size_t)count);
}

static void write_rest_of(struct direction *d)
{
	if (d->rest == NULL)
		return;
	if (connection_write(d->c, d->to, d->rest, d->size) == -1)
		d->last = -1;
	free(d->rest);
	d->rest = NULL;
}

/* As pump() of relay.c; but no coroutine has to run for a message that finds room. */
static void pump_by_loop(struct direction *d)
{
	do
		if (connection_until(d->c, d->from, POLLER_READ, carry, d) == 0)
			write_rest_of(d);
		else
			d->last = -1;
	while (d->last > 0);
	relay_finish(d->c, d->to, d->last);
}
//! [carry]

/* Both directions of a connection: its `ud`. */
struct both {
	struct direction there, back;
};

static void free_both(struct connection *c)
{
	struct both *b = c->ud;

	free(b->there.rest);
	free(b->back.rest);
	free(b);
}

static void back_by_loop(struct connection *c)
{
	struct both *b = c->ud;

	pump_by_loop(&b->back);
}

void relay_by_loop(struct connection *c)
{
	struct both *b = malloc(sizeof *b);

	if (b == NULL) {
		connection_cut(c);
		return;
	}
	*b = (struct both){ { c, c->fd, c->peer, 0, NULL, 0 },
			    { c, c->peer, c->fd, 0, NULL, 0 } };
	c->ud = b;
	c->ended = free_both;
	if (connection_also(c, back_by_loop) == 0)
		pump_by_loop(&b->there);
	else
		connection_cut(c);
}
