/*
 * What the programs of this lesson have in common: a dispatcher with timers and
 * sockets, and a pair of sockets for those who talk.
 */
#ifndef COROUTINE_NET_H
#define COROUTINE_NET_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets.h"

static struct dispatcher *D;
static struct timer *T;
static struct network *N;

static inline void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

static inline void begin(const struct timer_clock *clock, struct poller *poller)
{
	D = dispatcher_open(NULL);
	T = timer_open(D, clock);
	N = network_open(T, poller);
	must(N != NULL, "begin");
}

/* Two ends of a connection, both adopted. */
static inline void connection(int ends[2])
{
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
		     socket_adopt(N, ends[0]) == 0 &&
		     socket_adopt(N, ends[1]) == 0,
	     "connection");
}

/* Nobody joins the coroutines of this lesson. */
static inline int start(const char *name, dispatcher_func func, void *ud)
{
	int id = dispatcher_start(D, name, func, ud);

	if (id == -1) {
		perror("start");
		exit(1);
	}
	return id;
}

static inline void finish(void)
{
	network_close(N);
	timer_close(T);
	dispatcher_close(D);
}

#endif
