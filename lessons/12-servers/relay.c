/*
 * The relay: one function runs for each direction, in a coroutine of its own.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "relay.h"

#include <errno.h>
#include <string.h>

//! [relay]
/* Where all pieces come in: one place for all, that stays in the cache. Nobody
 * else runs between a read and the next call that waits. */
static _Thread_local char piece[RELAY_PIECE];

/* While we wait for room, others need the piece: so its rest moves to our own
 * stack. */
static NOINLINE int write_rest(struct connection *c, int to, const char *bytes,
			       size_t size)
{
	char rest[RELAY_PIECE];

	memcpy(rest, bytes, size);
	return connection_write(c, to, rest, size) == -1 ? -1 : 0;
}

static int pass(struct connection *c, int to, size_t size)
{
	ssize_t count = connection_try_write(c, to, piece, size);

	if (count == -1 && errno != EAGAIN)
		return -1;
	if (count == -1)
		count = 0;
	if ((size_t)count == size)
		return 0;
	return write_rest(c, to, piece + count, size - (size_t)count);
}

/* The way back stays open. */
void relay_finish(struct connection *c, int to, ssize_t last)
{
	if (last != 0 || shutdown(to, SHUT_WR) == -1)
		connection_cut(c);
}

/* One direction, up to its end. */
static void pump(struct connection *c, int from, int to)
{
	ssize_t count;

	do
		count = connection_read(c, from, piece, sizeof piece);
	while (count > 0 && pass(c, to, (size_t)count) == 0);
	relay_finish(c, to, count);
}

static void back(struct connection *c)
{
	pump(c, c->peer, c->fd);
}

void relay(struct connection *c)
{
	if (connection_also(c, back) == 0)
		pump(c, c->fd, c->peer);
	else
		connection_cut(c);
}
//! [relay]
