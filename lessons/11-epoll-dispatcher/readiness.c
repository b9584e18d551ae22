/*
 * Readiness: what is known of a descriptor, and who waits for it; the news from
 * the poller; how a coroutine waits.
 *
 * A descriptor has a bit for each direction: whether a call is worth a try. It
 * is set when the poller reports, and cleared when the system says EAGAIN.
 * Whoever finds it cleared waits without asking the system once more.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The places of a coroutine, in its record: its stack may be another's while it
 * waits. One is enough, but for socket_wait_any(). */
struct seat {
	struct place one;
	struct place *many;
	int room;
};

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* ---- Once in a process --------------------------------------------------- */

static int forks; /* how many there are between this process and the first */

static void count_fork(void)
{
	forks++;
}

static void prepare(void)
{
	struct sigaction now;

	pthread_atfork(NULL, NULL, count_fork);
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
		now.sa_handler = SIG_IGN;
		sigaction(SIGPIPE, &now, NULL);
	}
}

/* ---- Records, and the lines of those who wait --------------------------- */

struct record *network_record(struct network *N, int fd)
{
	if (N != NULL && fd >= 0 && fd < N->room && N->records[fd] != NULL &&
	    N->records[fd]->token != 0)
		return N->records[fd];
	errno = N == NULL ? EINVAL : EBADF;
	return NULL;
}

int socket_adopted(struct network *N, int fd)
{
	return network_record(N, fd) == NULL ? -1 : 0;
}

static int grow(struct network *N, int fd)
{
	size_t room = 2 * (size_t)fd + 64;
	struct record **more = realloc(N->records, room * sizeof(*more));

	if (more == NULL)
		return -1;
	N->records = more;
	while ((size_t)N->room < room)
		N->records[N->room++] = NULL;
	return 0;
}

/* The record of a number, made when it is seen for the first time. */
static struct record *make_record(struct network *N, int fd)
{
	static const char *const ends[BOTH] = { "readable", "writable",
						"readable or writable" };
	struct record *r;

	if (fd >= N->room && grow(N, fd) == -1)
		return NULL;
	if (N->records[fd] != NULL)
		return N->records[fd];
	r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	r->line.next = r->line.previous = &r->line;
	for (int i = 0; i < BOTH; i++)
		snprintf(r->words[i], WORDS, "%d to be %s", fd, ends[i]);
	return N->records[fd] = r;
}

/* At the end of the line. */
static void line_up(struct place *p, struct record *r, int want,
		    struct waiter *who)
{
	*p = (struct place){ .next = &r->line,
			     .previous = r->line.previous,
			     .record = r,
			     .token = r->token,
			     .want = want,
			     .who = who };
	p->previous->next = p->next->previous = p;
}

/* Twice does no harm: who is alone is linked to itself. */
static void unlink_place(struct place *p)
{
	p->previous->next = p->next;
	p->next->previous = p->previous;
	p->next = p->previous = p;
}

/* Every waiter is woken, because only they know who takes the byte. They stay in
 * line until they run. Who is awake already stays as it is. */
static void wake_line(struct record *r, int ready)
{
	unsigned long long token = r->token; /* a served one may close it */
	struct place *p = r->line.next;

	for (; p != &r->line && r->token == token; p = p->next)
		if ((p->want & ready) && !(p->serve && p->serve(p)))
			waiter_wake(p->who, 0);
}

/* ---- News ---------------------------------------------------------------- */

//! [event]
/* The number in a token may have been closed, and used again, since. */
static void take(struct network *N, const struct poller_event *e)
{
	struct record *r = network_record(N, (int)(e->token & INT_MAX));

	if (r == NULL || r->token != e->token)
		return;
	r->ready |= e->ready;
	wake_line(r, e->ready);
}
//! [event]

/* Milliseconds up to a moment, rounded up: who wakes too early wakes twice. */
static int distance(struct timer *T, long long until)
{
	long long rest;

	if (until == TIMER_NEVER)
		return -1;
	rest = until == 0 ? 0 : until - timer_now(T);
	if (rest <= 0)
		return 0;
	if (rest > INT_MAX * TIMER_MS)
		return INT_MAX;
	return (int)((rest + TIMER_MS - 1) / TIMER_MS);
}

//! [news]
/* Where the timers sleep: in the poller. No coroutine runs here, they are woken
 * only. */
static int sleep_in_poller(void *ud, long long until)
{
	struct network *N = ud;
	int expected = N->waiting > 0, count;

	if (N->forks != forks)
		return refuse(EPERM);
	if (!expected &&
	    (until == TIMER_NEVER || (until == 0 && N->watches == 0)))
		return 0;
	count = N->poller->wait(N->poller, N->events, BATCH,
				distance(N->T, until));
	if (count == -1)
		return -1;
	for (int i = 0; i < count; i++)
		take(N, &N->events[i]);
	return expected;
}
//! [news]

/* ---- Waiting ------------------------------------------------------------- */

struct place *network_place(struct network *N, struct waiter *me)
{
	return &((struct seat *)waiter_part(me, N->part))->one;
}

/* The places of a coroutine for a wait at many descriptors. */
static struct place *places(struct network *N, struct waiter *me, int count)
{
	struct seat *seat = waiter_part(me, N->part);
	struct place *more;

	if (count > seat->room) {
		more = realloc(seat->many, (size_t)count * sizeof *more);
		if (more == NULL)
			return NULL;
		seat->many = more;
		seat->room = count;
	}
	return seat->many;
}

/* The coroutine of the seat has ended. */
static void clear_seat(void *ud, void *part)
{
	(void)ud;
	free(((struct seat *)part)->many);
}

int network_stand_in(struct network *N, struct place *p, struct record *r,
		     int fd, int want)
{
	line_up(p, r, want, waiter_self(N->D));
	N->waiting++;
	if (N->poller->want(N->poller, fd, want, r->token) == 0)
		return 0;
	unlink_place(p);
	N->waiting--;
	return -1;
}

int network_step_out(struct network *N, struct place *p, int result)
{
	N->waiting--;
	unlink_place(p);
	if (result == 0 && p->record->token != p->token)
		return refuse(ECANCELED);
	return result;
}

int network_watch(struct network *N, struct place *p, int fd,
		  int (*serve)(struct place *p))
{
	struct record *r = network_record(N, fd);
	void *ud = p->ud;

	if (r == NULL)
		return -1;
	line_up(p, r, POLLER_READ, NULL);
	p->serve = serve;
	p->ud = ud;
	N->watches++;
	return N->poller->want(N->poller, fd, POLLER_READ, r->token);
}

int network_take_turn(struct network *N)
{
	int over = N->turn == waiter_turns(N->D) &&
		   (N->calls >= NETWORK_TURN || N->bytes >= NETWORK_TURN_BYTES),
	    error = 0;

	if (over && dispatcher_yield(N->D) == 0)
		error = dispatcher_interrupted(N->D, dispatcher_self(N->D));
	if (N->turn != waiter_turns(N->D)) {
		N->turn = waiter_turns(N->D);
		N->calls = 0;
		N->bytes = 0;
	}
	N->calls++;
	if (error <= 0)
		return 0;
	N->calls = NETWORK_TURN; /* so will the next call, as a wait would */
	return refuse(error);
}

void socket_moved(struct network *N, size_t count)
{
	N->bytes += count;
}

/* ---- The calls ----------------------------------------------------------- */

//! [perform]
/* A try has failed. Returns whether there is to be another one. */
static int again(struct network *N, int fd, int want)
{
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return errno == EINTR;
	socket_blocked(N, fd, want);
	return 1;
}

ssize_t socket_perform(struct network *N, int fd, int want,
		       socket_attempt attempt, void *ud)
{
	struct record *r = network_record(N, fd);
	unsigned long long token = r == NULL ? 0 : r->token;
	struct waiter *me;
	struct place *p;
	ssize_t result;

	if (r == NULL || want < 1 || want > BOTH)
		return r == NULL ? -1 : refuse(EINVAL);
	if (network_take_turn(N) == -1)
		return -1;
	if (r->token != token)
		return refuse(ECANCELED);
	do {
		while (!(r->ready & want)) {
			me = waiter_self(N->D);
			p = me == NULL ? NULL : network_place(N, me);
			if (p == NULL ||
			    network_stand_in(N, p, r, fd, want) == -1)
				return -1;
			result = waiter_park(me, DISPATCHER_ON_DESCRIPTOR,
					     r->words[want - 1]);
			if (network_step_out(N, p, (int)result) == -1)
				return -1;
		}
		result = attempt(N, fd, ud);
	} while (result == -1 && again(N, fd, want));
	return result;
}
//! [perform]

static ssize_t nothing(struct network *N, int fd, void *ud)
{
	(void)N, (void)fd, (void)ud;
	return 0;
}

int socket_await(struct network *N, int fd, int want)
{
	return (int)socket_perform(N, fd, want, nothing, NULL);
}

/* Nothing is left of what was reported, and the next event is a new one. But a
 * full pipe says nothing about the end behind the bytes to read. */
void socket_blocked(struct network *N, int fd, int want)
{
	struct record *r = network_record(N, fd);

	if (r != NULL)
		r->ready &= want & POLLER_READ ? ~(want | POLLER_END) : ~want;
}

/* TCP means by it: there is no more now. A local socket may mean: here ends a
 * message, and a terminal: a line. And the end was reported together with the
 * last bytes, if it was; it is not reported twice. */
void socket_spent(struct network *N, int fd, int want)
{
	struct record *r = network_record(N, fd);

	if (r != NULL && r->is_tcp && !(r->ready & POLLER_END))
		r->ready &= ~want;
}

/* What poll() answered, of what is wanted. An error is something to be told:
 * the call will not wait. */
static int answer(const struct pollfd *p, int want)
{
	int ready = 0;

	if (p->revents & (POLLERR | POLLHUP | POLLNVAL))
		return want;
	if (p->revents & POLLIN)
		ready |= POLLER_READ;
	if (p->revents & POLLOUT)
		ready |= POLLER_WRITE;
	return ready & want;
}

/* The question for poll(); fd -1 when there is no need to ask. */
static struct pollfd question(int fd, int want)
{
	int in = want & POLLER_READ ? POLLIN : 0,
	    out = want & POLLER_WRITE ? POLLOUT : 0;

	return (struct pollfd){ want ? fd : -1, (short)(in | out), 0 };
}

/* Asks the system about those that are worth it, all at once and without
 * waiting. Returns how many are ready. */
static int look(struct network *N, struct socket_want *wants, int count)
{
	struct pollfd *ask = N->looks;
	int worth = 0, found = 0;
	struct record *r;

	for (int i = 0; i < count; i++) {
		r = N->records[wants[i].fd];
		ask[i] = question(wants[i].fd, wants[i].want & r->ready);
		worth += ask[i].fd != -1;
	}
	while (worth > 0 && poll(ask, (nfds_t)count, 0) == -1)
		if (errno != EINTR && errno != EAGAIN)
			return -1;
	for (int i = 0; i < count; i++) {
		r = N->records[wants[i].fd];
		wants[i].ready = worth ? answer(&ask[i], wants[i].want) : 0;
		r->ready &= wants[i].ready | ~wants[i].want;
		found += wants[i].ready != 0;
	}
	return found;
}

/* Stands in the line of each, until one of them is ready, or something else
 * ends the wait. Afterwards nothing of it is left, however it ended. */
static int park_at_all(struct network *N, const struct socket_want *wants,
		       int count)
{
	struct waiter *me = waiter_self(N->D);
	struct place *mine = me == NULL ? NULL : places(N, me, count);
	int in = 0, result = 0;

	if (mine == NULL)
		return -1;
	while (in < count && result == 0) {
		result =
			network_stand_in(N, &mine[in], N->records[wants[in].fd],
					 wants[in].fd, wants[in].want);
		in += result == 0;
	}
	if (result == 0)
		result = waiter_park(me, DISPATCHER_ON_DESCRIPTOR,
				     "one of several");
	while (in > 0)
		result = network_step_out(N, &mine[--in], result);
	return result;
}

static int make_room(struct network *N, int count)
{
	struct pollfd *more;

	if (count <= N->looks_room)
		return 0;
	more = realloc(N->looks, (size_t)count * sizeof *more);
	if (more == NULL)
		return -1;
	N->looks = more;
	N->looks_room = count;
	return 0;
}

int socket_wait_any(struct network *N, struct socket_want *wants, int count)
{
	int found;

	if (N == NULL || wants == NULL || count < 1)
		return refuse(EINVAL);
	for (int i = 0; i < count; i++) {
		if (network_record(N, wants[i].fd) == NULL)
			return -1;
		if (wants[i].want < 1 || wants[i].want > BOTH)
			return refuse(EINVAL);
	}
	if (make_room(N, count) == -1)
		return -1;
	while ((found = look(N, wants, count)) == 0)
		if (park_at_all(N, wants, count) == -1)
			return -1;
	return found;
}

/* ---- Adopt and close ----------------------------------------------------- */

int socket_adopt(struct network *N, int fd)
{
	socklen_t size = sizeof(int);
	unsigned long long token;
	int flags, error;
	struct record *r;

	if (N == NULL || N->forks != forks)
		return refuse(N == NULL ? EINVAL : EPERM);
	flags = fcntl(fd, F_GETFL);
	r = flags == -1 ? NULL : make_record(N, fd);
	if (r == NULL)
		return -1;
	if (r->token != 0)
		return refuse(EEXIST);
	token = ++N->adopted << 31 | (unsigned)fd;
	if (N->poller->add(N->poller, fd, token) == -1)
		return -1;
	if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1) {
		error = errno;
		N->poller->remove(N->poller, fd);
		return refuse(error);
	}
	r->token = token;
	r->ready = BOTH; /* nobody has tried yet */
	r->is_tcp =
		getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &flags, &size) == 0;
	return 0;
}

int socket_close(struct network *N, int fd)
{
	struct record *r = network_record(N, fd);
	struct place *p;

	if (r == NULL)
		return -1;
	if (N->forks == forks) /* in a child it would be the parent's */
		N->poller->remove(N->poller, fd);
	r->token = 0;
	while ((p = r->line.next) != &r->line) {
		unlink_place(p);
		if (p->who != NULL)
			waiter_wake(p->who, ECANCELED);
	}
	return close(fd);
}

struct network *network_open(struct timer *T, struct poller *poller)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct network *N;

	if (T == NULL || poller == NULL) {
		errno = EINVAL;
		return NULL;
	}
	N = calloc(1, sizeof *N);
	if (N == NULL)
		return NULL;
	N->D = timer_dispatcher(T);
	N->part = waiter_reserve(N->D, sizeof(struct seat), clear_seat, N);
	if (N->part == -1) {
		int error = errno;

		free(N);
		errno = error;
		return NULL;
	}
	pthread_once(&once, prepare);
	N->T = T;
	N->poller = poller;
	N->forks = forks;
	timer_sleeper(T, sleep_in_poller, N);
	return N;
}

int network_close(struct network *N)
{
	if (N == NULL)
		return 0;
	if (N->working || waiter_inside(N->D))
		return refuse(EBUSY);
	timer_sleeper(N->T, NULL, NULL);
	waiter_release(N->D, N->part);
	N->poller->close(N->poller);
	for (int fd = 0; fd < N->room; fd++) {
		if (network_record(N, fd) != NULL)
			close(fd);
		free(N->records[fd]);
	}
	free(N->records);
	free(N->looks);
	free(N);
	return 0;
}

int network_waiting(const struct network *N)
{
	return N == NULL ? 0 : N->waiting;
}

int network_descriptor(const struct network *N)
{
	if (N == NULL || N->poller->descriptor == NULL)
		return refuse(N == NULL ? EINVAL : ENOTSUP);
	return N->poller->descriptor(N->poller);
}
