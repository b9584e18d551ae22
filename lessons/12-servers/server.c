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

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONNECTIONS = 1000,
	CONNECTIONS_MOST = 1000000,
	OWN = 2,            /* coroutines: the door and the keeper */
	STACK = 128 * 1024, /* touched only as deep as it is used */
	DEEP = 1024,        /* bytes; no wait of the server's own has more */
	TURNS = 16,         /* moves in a row after which others have a turn */
	BACKLOG = 4096      /* the system may have a lower bound */
};

/* How long the door waits before it tries again, when it is not a connection of
 * ours whose end may help. */
#define PAUSE TIMER_SECOND

struct server {
	struct server_options options;
	struct dispatcher *D;
	struct timer *T;
	struct sockets *N;
	struct connection *places;
	int used;                  /* places from here on were never taken */
	struct connection *vacant; /* free places that have been taken before */
	int living;
	struct connection *mover; /* whose bytes have moved last */
	int row;                  /* how often in a row */
	struct cond ended;        /* the door's: a connection has ended */
	int door;                 /* its id */
	int bell[2];              /* a pipe that rings for the keeper */
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

static void change(struct server *s, int to)
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

/* The part of a connection that runs now, or NULL. */
static struct connection_part *self(struct connection *c)
{
	int id = dispatcher_self(c->server->D);

	for (int i = 0; i < SERVER_PARTS; i++)
		if (c->parts[i].connection != NULL && c->parts[i].id == id)
			return &c->parts[i];
	return NULL;
}

/* A moment from now; for ever stays for ever. */
static long long later(struct server *s, long long duration)
{
	long long now = timer_now(s->T);

	return duration < TIMER_NEVER - now ? now + duration : TIMER_NEVER;
}

//! [patience]
static void set_deadline(struct connection_part *part)
{
	struct server *s = part->connection->server;

	part->seen = part->connection->moves;
	timer_deadline(s->T, later(s, s->options.patience));
}

/* A call has failed. Was it the deadline (and not the system's own time-out), and
 * has something moved since that was set? Then there is a new one, and the call
 * is to be made again: a deadline is not moved with each byte, only when it
 * strikes. */
static int in_time(struct connection *c)
{
	struct connection_part *part;

	if (errno != ETIMEDOUT || c->cut || c->strict)
		return 0;
	part = self(c);
	if (part == NULL || part->seen == c->moves ||
	    dispatcher_interrupted(c->server->D, part->id) != ETIMEDOUT)
		return 0;
	set_deadline(part);
	return 1;
}
//! [patience]

void connection_patience(struct connection *c, int strict)
{
	struct connection_part *part = self(c);

	c->strict = strict;
	if (part != NULL)
		set_deadline(part);
}

/* Bytes have moved. If others have moved in between, they have had a turn. The
 * loop moves bytes, too, and gives way to nobody: so the row stays at its most. */
static void moved(struct connection *c)
{
	struct server *s = c->server;

	c->idle = 0;
	c->moves++;
	if (s->mover != c)
		s->row = 0;
	if (s->row < TURNS)
		s->row++;
	s->mover = c;
}

/* Whoever always finds more to do lets others have a turn first. */
static void give_way(struct connection *c)
{
	struct server *s = c->server;

	if (s->mover != c || s->row < TURNS)
		return;
	s->row = 0;
	dispatcher_yield(s->D);
}

/* Small messages are not held back; of no use for a local socket, and no
 * harm. */
static void send_at_once(int fd)
{
	int yes = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int connection_await(struct connection *c, int fd, int want)
{
	int result;

	do
		result = c->cut ? refuse(ECANCELED)
				: socket_await(c->server->N, fd, want);
	while (result == -1 && in_time(c));
	return result;
}

static ssize_t noted(struct connection *c, ssize_t count)
{
	if (count > 0)
		moved(c);
	return count;
}

ssize_t connection_read(struct connection *c, int fd, void *buffer, size_t size)
{
	ssize_t count;

	give_way(c);
	do
		count = socket_read(c->server->N, fd, buffer, size);
	while (count == -1 && in_time(c));
	/* Cut while it waited: a failure is told once, and the other coroutine
	 * had it. What looks like the end here is none. */
	return c->cut ? refuse(ECANCELED) : noted(c, count);
}

ssize_t connection_try_read(struct connection *c, int fd, void *buffer,
			    size_t size)
{
	if (c->cut)
		return refuse(ECANCELED);
	return noted(c, socket_try_read(c->server->N, fd, buffer, size));
}

int connection_until(struct connection *c, int fd, int want, socket_work work,
		     void *ud)
{
	int result;

	do {
		give_way(c);
		result =
			c->cut ? refuse(ECANCELED)
			       : socket_until(c->server->N, fd, want, work, ud);
	} while (result == -1 && in_time(c));
	return c->cut ? refuse(ECANCELED) : result;
}

int connection_write(struct connection *c, int fd, const void *buffer,
		     size_t size)
{
	const char *bytes = buffer;
	ssize_t count;

	while (size > 0) {
		give_way(c);
		count = c->cut ? refuse(ECANCELED)
			       : socket_write(c->server->N, fd, bytes, size);
		if (count == -1 && !in_time(c))
			return -1;
		if (count == -1)
			continue;
		bytes += count;
		size -= (size_t)count;
		moved(c);
	}
	return 0;
}

ssize_t connection_try_write(struct connection *c, int fd, const void *buffer,
			     size_t size)
{
	if (c->cut)
		return refuse(ECANCELED);
	return noted(c, socket_try_write(c->server->N, fd, buffer, size));
}

int connection_connect(struct connection *c, const struct sockaddr *address,
		       socklen_t length)
{
	struct sockets *N = c->server->N;
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
	send_at_once(fd);
	return socket_connect(N, fd, address, length);
}

int connection_idle(struct connection *c)
{
	if (c->server->state == SERVER_STOPPING)
		return refuse(ECANCELED);
	c->idle = 1; /* until a byte moves */
	return connection_await(c, c->fd, POLLER_READ);
}

/* ---- A connection begins and ends ------------------------------------------ */

/* What was cut off must not look complete: a reset in place of an end. */
static void discard(struct connection *c, int fd)
{
	if (fd == -1)
		return;
	if (c->cut)
		socket_will_reset(fd);
	socket_close(c->server->N, fd);
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
}

static void *run_part(struct dispatcher *D, void *ud)
{
	struct connection_part *part = ud;
	struct connection *c = part->connection;

	(void)D;
	set_deadline(part);
	part->serve(c);
	part->connection = NULL;
	if (--c->running == 0)
		end(c);
	return NULL;
}

int connection_also(struct connection *c, server_func serve)
{
	struct server *s = c->server;
	struct connection_part *part = c->parts;
	char name[DISPATCHER_NAME];
	int id;

	if (serve == NULL)
		return refuse(EINVAL);
	if (c->running == s->options.parts)
		return refuse(EAGAIN);
	while (part->connection != NULL)
		part++;
	snprintf(name, sizeof name, "connection %d", (int)(c - s->places));
	id = dispatcher_spawn(s->D, name, run_part, part);
	if (id == -1)
		return -1;
	dispatcher_detach(s->D, id);
	*part = (struct connection_part){ c, serve, id, 0 };
	c->running++;
	return 0;
}

void connection_cut(struct connection *c)
{
	c->cut = 1;
	for (int i = 0; i < SERVER_PARTS; i++)
		if (c->parts[i].connection != NULL)
			dispatcher_interrupt(c->server->D, c->parts[i].id,
					     ECANCELED);
}

/* ---- The server's own coroutines wait, whatever happens ------------------------ */

/* Waits once, from further down than ever again: so there is memory for the frames
 * of whoever calls, also when there is none for others. (Room that is less than
 * four times too large is kept.) Where this fails, the first wait says so. */
static NOINLINE void make_room(struct server *s)
{
	volatile char deep[DEEP] = "";

	dispatcher_yield(s->D);
	(void)deep[0]; /* so it is there up to here */
}

/* ---- The door ---------------------------------------------------------------- */

static int has_place(const struct server *s)
{
	return s->vacant != NULL || s->used < s->options.connections;
}

static void admit(struct server *s, int fd)
{
	struct connection *c = s->vacant;

	if (c != NULL)
		s->vacant = c->next;
	else
		c = &s->places[s->used++];
	*c = (struct connection){ .server = s, .fd = fd, .peer = -1 };
	s->living++;
	send_at_once(fd);
	/* What is there already is reported, as it was adopted just now. So who
	 * has not said a word is known to be idle. */
	socket_blocked(s->N, fd, POLLER_READ);
	if (connection_also(c, s->options.serve) == -1)
		end(c); /* the others are more than was said */
}

//! [door]
/* Waits until a connection has ended; until a moment, unless that is NEVER. */
static int wait_for_end(struct server *s, long long until)
{
	int result;

	timer_deadline(s->T, until);
	result = cond_wait(&s->ended);
	timer_deadline(s->T, TIMER_NEVER);
	return result == -1 && errno != ETIMEDOUT ? -1 : 0;
}

/* Lets one in, or waits until that may be possible. -1: no way to go on. */
static int let_in(struct server *s)
{
	int fd;

	if (!has_place(s)) {
		change(s, SERVER_FULL);
		return wait_for_end(s, TIMER_NEVER);
	}
	change(s, SERVER_OPEN);
	fd = socket_accept(s->N, s->options.listener);
	if (s->state == SERVER_STOPPING) {
		socket_close(s->N, fd); /* it came in the same moment */
		return -1;
	}
	if (fd != -1) {
		admit(s, fd);
		dispatcher_yield(s->D);
		return 0;
	}
	/* The connection is still in the system's queue. */
	change(s, SERVER_SHORT);
	return wait_for_end(s, timer_now(s->T) + PAUSE);
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
	socket_close(s->N, s->options.listener);
	s->options.listener = -1;
	if (s->error)
		server_stop(s);
	return NULL;
}
//! [door]

/* ---- The keeper --------------------------------------------------------------- */

//! [keeper]
/* Waits until somebody stops the server. -1: it cannot wait. */
static int listen_for_bell(struct server *s)
{
	char byte;

	return socket_read(s->N, s->bell[0], &byte, 1) == 1 ? 0 : -1;
}

static void send_idle_ones_home(struct server *s)
{
	for (struct connection *c = s->places; c < s->places + s->used; c++)
		if (c->running > 0 && c->idle)
			dispatcher_wake(s->D, c->parts[0].id, ECANCELED);
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
	change(s, SERVER_STOPPING);
	dispatcher_interrupt(D, s->door, ECANCELED);
	send_idle_ones_home(s);
	timer_deadline(s->T, later(s, s->options.grace));
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

static int start(struct server *s, const char *name, dispatcher_func func)
{
	int id = dispatcher_spawn(s->D, name, func, s);

	dispatcher_detach(s->D, id);
	return id;
}

static int is_over(const struct server *s)
{
	return s->state == SERVER_STOPPING && s->options.listener == -1 &&
	       s->living == 0;
}

int server_run(struct server *s)
{
	int left;

	if (s == NULL)
		return refuse(EINVAL);
	if (s->ran)
		return refuse(EALREADY);
	s->ran = 1;
	s->door = start(s, "door", door);
	if (s->door == -1 || start(s, "keeper", keeper) == -1)
		return refuse(EAGAIN); /* the others are more than was said */
	change(s, SERVER_OPEN);
	do
		left = dispatcher_round(s->D, 1);
	while (left > 0 && !is_over(s));
	if (left == -1)
		return -1;
	change(s, SERVER_STOPPED);
	return s->error ? refuse(s->error) : 0;
}

/* ---- Open and close -------------------------------------------------------------- */

int server_listen(const char *address, int port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	int is_six, yes = 1, fd, error;

	if (address == NULL)
		address = "127.0.0.1";
	is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
	if (port < 0 || port > 65535 ||
	    (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1))
		return refuse(EINVAL);
	six.sin6_port = four.sin_port = htons((unsigned short)port);
	fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(fd,
		 is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
		 is_six ? sizeof six : sizeof four) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	return refuse(error);
}

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

static int open_dispatcher(struct server *s)
{
	const struct server_options *o = &s->options;
	struct coroutine_options c = { .stack_size = STACK };

	c.slots = o->connections * o->parts + OWN + o->others;
	c.stacks = o->stacks && o->stacks < c.slots ? o->stacks : c.slots;
	s->D = dispatcher_open(&c);
	s->T = s->D == NULL ? NULL : timer_open(s->D, o->clock);
	return s->T == NULL ? -1 : 0;
}

static int open_sockets(struct server *s)
{
	struct poller *poller = poller_open(s->options.poller);

	if (poller == NULL)
		return -1;
	s->N = sockets_open(s->D, s->T, poller);
	if (s->N == NULL)
		poller->close(poller);
	return s->N == NULL ? -1 : 0;
}

static int open_bell(struct server *s)
{
	int error;

	if (pipe(s->bell) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		fcntl(s->bell[i], F_SETFD, FD_CLOEXEC);
	fcntl(s->bell[1], F_SETFL, O_NONBLOCK);
	if (socket_adopt(s->N, s->bell[0]) == 0)
		return 0;
	error = errno;
	close(s->bell[0]);
	return refuse(error);
}

static int open_all(struct server *s)
{
	s->places = calloc((size_t)s->options.connections, sizeof *s->places);
	if (s->places == NULL || open_dispatcher(s) == -1 ||
	    open_sockets(s) == -1 || open_bell(s) == -1)
		return -1;
	cond_init(&s->ended, dispatcher_parking(s->D), "a connection to end");
	return socket_adopt(s->N, s->options.listener);
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
	if (sockets_close(s->N) == -1)
		return -1; /* from inside */
	s->N = NULL;
	for (int i = 0; i < s->used; i++) /* there may be no places */
		if (s->places[i].running > 0 && s->places[i].ended != NULL)
			s->places[i].ended(&s->places[i]);
	timer_close(s->T);
	dispatcher_close(s->D);
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

struct dispatcher *server_dispatcher(struct server *s)
{
	return s->D;
}

struct timer *server_timer(struct server *s)
{
	return s->T;
}

struct sockets *server_sockets(struct server *s)
{
	return s->N;
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
