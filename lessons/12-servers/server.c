/*
 * The server. The story, top to bottom: the table of its states; how bytes move
 * on a connection, and what patience is; how a connection begins and ends; the
 * two coroutines of the server itself: the door, which lets connections in, and
 * the keeper, which waits for the end.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "server.h"
#include "../07-cond/cond.h"
#include "../09-ready-queue/waiter.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONNECTIONS = 1000,
	CONNECTIONS_MOST = 1000000,
	OWN = 2,            /* coroutines: the door and the keeper */
	STACK = 128 * 1024, /* touched only as deep as it is used */
	DEEP = 1024         /* bytes; no wait of the server's own has more */
};

/* How long the door waits before it tries again, when it is not a connection of
 * ours whose end may help. */
#define PAUSE TIMER_SECOND

/* A coroutine of a connection: a part of its record. */
struct part {
	struct connection *connection; /* NULL: it is none of a connection */
	server_func serve;
	long seen; /* the connection's moves when its deadline was set */
};

struct server {
	struct server_options options;
	struct loop *L;
	int part; /* of each coroutine's record */
	struct connection *places;
	int used;                  /* places from here on were never taken */
	struct connection *vacant; /* free places that have been taken before */
	int living;
	struct cond ended; /* the door's: a connection has ended */
	int door;          /* its id */
	int bell[2];       /* a pipe that rings for the keeper */
	int state;
	int ran;
	int error; /* why it stops, other than by server_stop() */
	server_tracer tracer;
	void *tracer_ud;
};

/* All legal moves with their events. Rows: from; columns: to. */
static const char *const events[SERVER_STATES][SERVER_STATES] = {
	[SERVER_STOPPED] = { [SERVER_OPEN] = "run" },
	[SERVER_OPEN] = { [SERVER_FULL] = "last place taken",
			  [SERVER_SHORT] = "no descriptor",
			  [SERVER_STOPPING] = "stop" },
	[SERVER_FULL] = { [SERVER_OPEN] = "one has ended",
			  [SERVER_STOPPING] = "stop" },
	[SERVER_SHORT] = { [SERVER_OPEN] = "one ended, or a second",
			   [SERVER_STOPPING] = "stop" },
	[SERVER_STOPPING] = { [SERVER_STOPPED] = "all have ended" },
};

static const char *const names[SERVER_STATES] = { "STOPPED", "OPEN", "FULL",
						  "SHORT", "STOPPING" };

static int refuse(int error)
{
	errno = error;
	return -1;
}

static void set_state(struct server *s, int to)
{
	int from = s->state;

	if (from == to)
		return;
	assert(events[from][to] != NULL);
	s->state = to;
	if (s->tracer != NULL)
		s->tracer(s->tracer_ud, s, from, to);
}

/* ---- Bytes move, or patience ends ------------------------------------------ */

/* The running coroutine, when it is one of this connection's; NULL otherwise. */
static struct part *self(struct connection *c)
{
	struct waiter *me = waiter_self(c->server->L->D);
	struct part *part =
		me == NULL ? NULL : waiter_part(me, c->server->part);

	return part != NULL && part->connection == c ? part : NULL;
}

/* A moment from now; for ever stays for ever. */
static long long later(struct server *s, long long duration)
{
	long long now = timer_now(s->L->T);

	return duration < TIMER_NEVER - now ? now + duration : TIMER_NEVER;
}

//! [patience]
static void set_deadline(struct part *part)
{
	struct server *s = part->connection->server;

	part->seen = part->connection->moves;
	timer_deadline(s->L->T, later(s, s->options.patience));
}

/* A call has failed. Was it the deadline (and not the system's own time-out), and
 * has something moved since that was set? Then there is a new one, and the call
 * is to be made again: a deadline is not moved with each byte, only when it
 * strikes. */
int connection_again(struct connection *c)
{
	struct dispatcher *D = c->server->L->D;
	struct part *part;

	if (errno != ETIMEDOUT || c->cut || c->strict)
		return 0;
	part = self(c);
	if (part == NULL || part->seen == c->moves ||
	    dispatcher_interrupted(D, dispatcher_self(D)) != ETIMEDOUT)
		return 0;
	set_deadline(part);
	return 1;
}
//! [patience]

void connection_patience(struct connection *c, int strict)
{
	struct part *part = self(c);

	c->strict = strict;
	if (part != NULL)
		set_deadline(part);
}

void connection_moved(struct connection *c)
{
	c->idle = 0;
	c->moves++;
}

static ssize_t noted(struct connection *c, ssize_t count)
{
	if (count > 0)
		connection_moved(c);
	return count;
}

ssize_t connection_read(struct connection *c, int fd, void *buffer, size_t size)
{
	ssize_t count;

	do
		count = socket_read(c->server->L->N, fd, buffer, size);
	while (count == -1 && connection_again(c));
	/* Cut while it waited: a failure is told once, and the other coroutine
	 * had it. What looks like the end here is none. */
	return c->cut ? refuse(ECANCELED) : noted(c, count);
}

ssize_t connection_try_read(struct connection *c, int fd, void *buffer,
			    size_t size)
{
	if (c->cut)
		return refuse(ECANCELED);
	return noted(c, socket_try_read(c->server->L->N, fd, buffer, size));
}

ssize_t connection_write(struct connection *c, int fd, const void *buffer,
			 size_t size)
{
	const char *bytes = buffer;
	size_t done = 0;
	ssize_t count;

	while (done < size) {
		count = c->cut ? refuse(ECANCELED)
			       : socket_write_some(c->server->L->N, fd,
						   bytes + done, size - done);
		if (count == -1 && !connection_again(c))
			return -1;
		if (count == -1)
			continue;
		done += (size_t)count;
		connection_moved(c);
	}
	return (ssize_t)done;
}

ssize_t connection_try_write(struct connection *c, int fd, const void *buffer,
			     size_t size)
{
	if (c->cut)
		return refuse(ECANCELED);
	return noted(c, socket_try_write(c->server->L->N, fd, buffer, size));
}

int connection_connect(struct connection *c, const struct sockaddr *address,
		       socklen_t length)
{
	struct network *N = c->server->L->N;
	int fd, error;

	if (address == NULL || c->peer != -1)
		return refuse(EINVAL);
	fd = socket(address->sa_family, SOCK_STREAM, 0);
	if (fd == -1)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 || socket_adopt(N, fd) == -1) {
		error = errno;
		close(fd);
		return refuse(error);
	}
	c->peer = fd;
	socket_at_once(fd);
	return socket_connect(N, fd, address, length);
}

int connection_idle(struct connection *c)
{
	int result;

	if (c->server->state == SERVER_STOPPING)
		return refuse(ECANCELED);
	c->idle = 1; /* until a byte moves */
	do
		result = c->cut ? refuse(ECANCELED)
				: socket_await(c->server->L->N, c->fd,
					       POLLER_READ);
	while (result == -1 && connection_again(c));
	return result;
}

/* ---- A connection begins and ends ------------------------------------------ */

/* What was cut off must not look complete: a reset in place of an end. */
static void discard(struct connection *c, int fd)
{
	if (fd == -1)
		return;
	if (c->cut)
		socket_will_reset(fd);
	socket_close(c->server->L->N, fd);
}

/* To be asked whenever something has ended. */
static void stop_when_over(struct server *s)
{
	if (s->state == SERVER_STOPPING && s->options.listener == -1 &&
	    s->living == 0)
		dispatcher_stop(s->L->D);
}

/* From here to the end of the coroutine nobody else runs: so its slot is free
 * before the door uses the place. */
static void end(struct connection *c)
{
	struct server *s = c->server;

	discard(c, c->fd);
	discard(c, c->peer);
	if (c->ended != NULL)
		c->ended(c);
	c->next = s->vacant;
	s->vacant = c;
	s->living--;
	cond_signal(&s->ended);
	stop_when_over(s);
}

static int *find_part(struct connection *c, int id)
{
	int *part = c->parts;

	while (*part != id)
		part++;
	return part;
}

static void *run_part(struct dispatcher *D, void *ud)
{
	struct connection *c = ud;
	struct part *part = waiter_part(waiter_self(D), c->server->part);

	set_deadline(part);
	part->serve(c);
	*find_part(c, dispatcher_self(D)) = -1;
	part->connection = NULL;
	if (--c->running == 0)
		end(c);
	return NULL;
}

int connection_also(struct connection *c, server_func serve)
{
	struct server *s = c->server;
	char name[DISPATCHER_NAME];
	struct part *part;
	int id;

	if (serve == NULL)
		return refuse(EINVAL);
	if (c->running == s->options.parts)
		return refuse(EAGAIN);
	snprintf(name, sizeof name, "connection %d", (int)(c - s->places));
	id = dispatcher_start(s->L->D, name, run_part, c);
	if (id == -1)
		return -1;
	part = waiter_part(waiter_of(s->L->D, id), s->part);
	*part = (struct part){ c, serve, 0 };
	*find_part(c, -1) = id;
	c->running++;
	return 0;
}

void connection_cut(struct connection *c)
{
	c->cut = 1;
	for (int i = 0; i < SERVER_PARTS; i++)
		if (c->parts[i] != -1)
			dispatcher_interrupt(c->server->L->D, c->parts[i],
					     ECANCELED);
}

/* ---- The server's own coroutines wait, whatever happens ------------------------ */

/* Waits once, from further down than ever again: so there is memory for the frames
 * of whoever calls, also when there is none for others. (Room that is less than
 * four times too large is kept.) Where this fails, the first wait says so. */
static NOINLINE void make_room(struct server *s)
{
	volatile char deep[DEEP] = "";

	dispatcher_yield(s->L->D);
	(void)deep[0]; /* so it is there up to here */
}

/* ---- The door ---------------------------------------------------------------- */

static int has_place(const struct server *s)
{
	return s->vacant != NULL || s->used < s->options.connections;
}

static int admit(struct server *s, int fd)
{
	struct connection *c = s->vacant;

	if (c != NULL)
		s->vacant = c->next;
	else
		c = &s->places[s->used++];
	*c = (struct connection){
		.server = s, .fd = fd, .peer = -1, .parts = { -1, -1 }
	};
	s->living++;
	/* What is there already is reported, as it was adopted just now. So who
	 * has not said a word is known to be idle. */
	socket_blocked(s->L->N, fd, POLLER_READ);
	if (connection_also(c, s->options.serve) == 0)
		return 0;
	c->cut = 1; /* no stack is left, or the others are more than was said */
	end(c);
	return -1;
}

//! [door]
/* Waits until a connection has ended; until a moment, unless that is NEVER. */
static int wait_for_end(struct server *s, long long until)
{
	int result;

	timer_deadline(s->L->T, until);
	result = cond_wait(&s->ended);
	timer_deadline(s->L->T, TIMER_NEVER);
	return result == -1 && errno != ETIMEDOUT ? -1 : 0;
}

/* Lets one in, or waits until that may be possible. -1: no way to go on. */
static int let_in(struct server *s)
{
	int fd;

	if (!has_place(s)) {
		set_state(s, SERVER_FULL);
		return wait_for_end(s, TIMER_NEVER);
	}
	set_state(s, SERVER_OPEN);
	fd = socket_accept(s->L->N, s->options.listener);
	if (s->state == SERVER_STOPPING) {
		socket_close(s->L->N, fd); /* it came in the same moment */
		return -1;
	}
	if (fd != -1 && admit(s, fd) == 0) {
		dispatcher_yield(s->L->D);
		return 0;
	}
	/* Who could not be accepted is still in the system's queue. */
	set_state(s, SERVER_SHORT);
	return wait_for_end(s, timer_now(s->L->T) + PAUSE);
}

static void *door(struct dispatcher *D, void *ud)
{
	struct server *s = ud;

	(void)D;
	make_room(s);
	while (s->state != SERVER_STOPPING)
		if (let_in(s) == -1 && s->state != SERVER_STOPPING) {
			s->error = errno;
			break;
		}
	socket_close(s->L->N, s->options.listener);
	s->options.listener = -1;
	if (s->error)
		server_stop(s);
	stop_when_over(s);
	return NULL;
}
//! [door]

/* ---- The keeper --------------------------------------------------------------- */

//! [keeper]
/* Waits until somebody stops the server. -1: it cannot wait. */
static int listen_for_bell(struct server *s)
{
	char byte;

	return socket_read(s->L->N, s->bell[0], &byte, 1) == 1 ? 0 : -1;
}

static void send_idle_ones_home(struct server *s)
{
	for (struct connection *c = s->places; c < s->places + s->used; c++)
		if (c->running > 0 && c->idle)
			dispatcher_wake(s->L->D, c->parts[0], ECANCELED);
}

static void cut_all(struct server *s)
{
	for (struct connection *c = s->places; c < s->places + s->used; c++)
		connection_cut(c);
}

static void *keeper(struct dispatcher *D, void *ud)
{
	struct server *s = ud;

	make_room(s);
	if (listen_for_bell(s) == -1)
		s->error = errno;
	set_state(s, SERVER_STOPPING);
	dispatcher_interrupt(D, s->door, ECANCELED);
	send_idle_ones_home(s);
	timer_deadline(s->L->T, later(s, s->options.grace));
	stop_when_over(s);
	listen_for_bell(s);
	cut_all(s);
	return NULL;
}
//! [keeper]

int server_stop(struct server *s)
{
	int error = errno;

	if (s == NULL)
		return refuse(EINVAL);
	while (write(s->bell[1], "", 1) == -1 && errno == EINTR)
		; /* but a full pipe rings as well */
	errno = error;
	return 0;
}

int server_run(struct server *s)
{
	if (s == NULL)
		return refuse(EINVAL);
	if (s->ran)
		return refuse(EALREADY);
	s->ran = 1;
	s->door = dispatcher_start(s->L->D, "door", door, s);
	if (s->door == -1 ||
	    dispatcher_start(s->L->D, "keeper", keeper, s) == -1)
		return refuse(EAGAIN); /* the others are more than was said */
	set_state(s, SERVER_OPEN);
	if (dispatcher_run(s->L->D) == -1)
		return -1;
	set_state(s, SERVER_STOPPED);
	return s->error ? refuse(s->error) : 0;
}

/* ---- Open and close -------------------------------------------------------------- */

static int listens(int fd)
{
	int answer = 0;
	socklen_t size = sizeof answer;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == -1)
		return -1;
	return answer ? 0 : refuse(EINVAL);
}

/* Fills in what is left open. Returns -1 for what is out of range. */
static int complete(struct server_options *o)
{
	if (o->serve == NULL || o->connections < 0 ||
	    o->connections > CONNECTIONS_MOST || o->parts < 0 ||
	    o->parts > SERVER_PARTS || o->stacks < 0 || o->others < 0 ||
	    o->others > CONNECTIONS_MOST || o->patience < 0 || o->grace < 0)
		return refuse(EINVAL);
	if (o->connections == 0)
		o->connections = CONNECTIONS;
	if (o->parts == 0)
		o->parts = 1;
	if (o->patience == 0)
		o->patience = 60 * TIMER_SECOND;
	if (o->grace == 0)
		o->grace = 10 * TIMER_SECOND;
	return 0;
}

static int open_loop(struct server *s)
{
	const struct server_options *o = &s->options;
	struct loop_options l = { .stack_size = STACK,
				  .poller = o->poller,
				  .clock = o->clock };

	l.coroutines = o->connections * o->parts + OWN + o->others;
	l.stacks = o->stacks < l.coroutines ? o->stacks : 0;
	s->L = loop_open(&l);
	if (s->L == NULL)
		return -1;
	s->part = waiter_reserve(s->L->D, sizeof(struct part), NULL, NULL);
	return s->part == -1 ? -1 : 0;
}

static int open_bell(struct server *s)
{
	int error;

	if (pipe(s->bell) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		fcntl(s->bell[i], F_SETFD, FD_CLOEXEC);
	fcntl(s->bell[1], F_SETFL, O_NONBLOCK);
	if (socket_adopt(s->L->N, s->bell[0]) == 0)
		return 0;
	error = errno;
	close(s->bell[0]);
	return refuse(error);
}

static int open_all(struct server *s)
{
	s->places = calloc((size_t)s->options.connections, sizeof *s->places);
	if (s->places == NULL || open_loop(s) == -1 || open_bell(s) == -1)
		return -1;
	cond_init(&s->ended, dispatcher_parking(s->L->D),
		  "a connection to end");
	return socket_adopt(s->L->N, s->options.listener);
}

struct server *server_open(const struct server_options *options)
{
	struct server *s;
	int error;

	if (options == NULL) {
		errno = EINVAL;
		return NULL;
	}
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->options = *options;
	s->bell[1] = -1;
	if (complete(&s->options) == 0 && listens(s->options.listener) == 0 &&
	    open_all(s) == 0)
		return s;
	error = errno;
	server_close(s);
	errno = error;
	return NULL;
}

int server_close(struct server *s)
{
	if (s == NULL)
		return 0;
	if (s->L != NULL && network_close(s->L->N) == -1)
		return -1; /* from inside */
	if (s->L != NULL)
		s->L->N = NULL;
	for (int i = 0; i < s->used; i++) /* there may be no places */
		if (s->places[i].running > 0 && s->places[i].ended != NULL)
			s->places[i].ended(&s->places[i]);
	loop_close(s->L);
	if (s->bell[1] != -1)
		close(s->bell[1]);
	free(s->places);
	free(s);
	return 0;
}

/* ---- What can be asked ------------------------------------------------------- */

int server_status(const struct server *s)
{
	return s ? s->state : SERVER_STOPPED;
}

int server_connections(const struct server *s)
{
	return s ? s->living : 0;
}

struct loop *server_loop(struct server *s)
{
	return s->L;
}

void *server_ud(struct server *s)
{
	return s->options.ud;
}

int server_trace(struct server *s, server_tracer tracer, void *ud)
{
	if (s == NULL)
		return refuse(EINVAL);
	s->tracer = tracer;
	s->tracer_ud = ud;
	return 0;
}

const char *server_status_name(int state)
{
	return state < 0 || state >= SERVER_STATES ? NULL : names[state];
}

const char *server_event(int from, int to)
{
	if (!server_status_name(from) || !server_status_name(to))
		return NULL;
	return events[from][to];
}
