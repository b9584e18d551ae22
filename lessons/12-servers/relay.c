/*
 * The relay: one function, run twice.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "relay.h"

/* Keeps a buffer out of the frame of who waits. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

//! [relay]
/* One piece. Its bytes are on the stack only while they move. */
static NOINLINE ssize_t move(struct connection *c, int from, int to)
{
	char bytes[RELAY_PIECE];
	ssize_t count = connection_read(c, from, bytes, sizeof bytes);

	if (count > 0 && connection_write(c, to, bytes, (size_t)count) == -1)
		return -1;
	return count;
}

/* One direction, up to its end. */
static void pump(struct connection *c, int from, int to)
{
	ssize_t count;

	do {
		count = connection_await(c, from, POLLER_READ);
		if (count == 0)
			count = move(c, from, to);
	} while (count > 0);
	/* There is no more; the way back is open. */
	if (count == -1 || shutdown(to, SHUT_WR) == -1)
		connection_cut(c);
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
