/*
 * Work that the loop does. A coroutine that waits for work to be done stands in
 * the line of its descriptor as everybody does; only its place has a function
 * that serves it, and wakes it when a coroutine is needed.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "until.h"
#include "record.h"

#include <errno.h>
#include <limits.h>

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* Runs work, from which the network cannot be closed. */
static int try_work(struct network *N, socket_work work, void *ud)
{
	int done;

	N->working++;
	done = work(ud) != 0;
	N->working--;
	return done;
}

//! [served]
/* The loop does what somebody waits to do. Returns 1 when there is more to come:
 * then the coroutine need not run. As a wait does, this tells the poller that
 * somebody waits. When that fails, or work has closed the descriptor, the
 * coroutine is woken, and hears of it. */
static int served(struct place *p)
{
	if (p->done)
		return 0;
	p->done = try_work(p->N, p->work, p->ud);
	if (p->done || (p->record->ready & p->want) ||
	    p->record->token != p->token)
		return 0;
	return p->N->poller->want(p->N->poller, (int)(p->token & INT_MAX),
				  p->want, p->token) == 0;
}
//! [served]

/* Parks until the work is done (1), or is to go on here (0). -1: the wait has
 * failed. */
static int park_with(struct network *N, int fd, int want, socket_work work,
		     void *ud)
{
	struct record *r = network_record(N, fd);
	struct waiter *me = waiter_self(N->D);
	struct place *p;
	int result;

	if (me == NULL)
		return -1;
	p = network_place(N, me);
	if (network_stand_in(N, p, r, fd, want) == -1)
		return -1;
	p->serve = served;
	p->N = N;
	p->work = work;
	p->ud = ud;
	result = waiter_park(me, DISPATCHER_ON_DESCRIPTOR, r->words[want - 1]);
	result = network_step_out(N, p, result);
	return p->done ? 1 : result;
}

int socket_until(struct network *N, int fd, int want, socket_work work,
		 void *ud)
{
	struct record *r = network_record(N, fd);
	unsigned long long token;
	int done = 0;

	if (r == NULL)
		return -1;
	if (want < 1 || want > BOTH || work == NULL)
		return refuse(EINVAL);
	token = r->token;
	if (network_take_turn(N) == -1)
		return -1;
	while (done == 0) {
		if (r->token != token)
			return refuse(ECANCELED);
		if (!(r->ready & want)) {
			done = park_with(N, fd, want, work, ud);
			continue;
		}
		done = try_work(N, work, ud);
		if (!done && (r->ready & want))
			dispatcher_yield(N->D); /* the others, too */
	}
	return done == -1 ? -1 : 0;
}
