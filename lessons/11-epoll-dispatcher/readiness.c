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

#include "readiness.h"

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

enum {
	BATCH = 256, /* reports taken at once */
	WORDS = 40,  /* "2147483647 to be readable or writable" */
	BOTH = POLLER_READ | POLLER_WRITE
};

/* One coroutine's place in the line of one descriptor. */
struct place {
	struct place *next, *previous;
	struct record *record;
	unsigned long long token; /* of the record, when the wait began */
	int want;
	int id; /* whose */
};

/* What is known of a descriptor number; kept for the next who has it. */
struct record {
	unsigned long long token; /* 0: not adopted now */
	int ready;                /* worth a try; POLLER_END: see
				     socket_spent() */
	int is_tcp;
	struct place line; /* its first and last; alone: links to itself */
	char words[BOTH][WORDS];
};

/* The places of a coroutine, on the heap: its stack may be another's while it
 * waits. One is enough, but for socket_wait_any(). */
struct seat {
	struct place one;
	int done; /* these three are of socket_until() */
	socket_work work;
	void *ud;
	struct place *many;
	int room;
};

struct sockets {
	struct dispatcher *D;
	struct timer *T;
	struct poller *poller;
	struct record **records; /* by number; they never move */
	int room;
	struct seat *seats; /* by slot */
	int slots;
	int seats_used; /* the others have never been touched */
	int waiting;    /* how many coroutines are parked here */
	int working;    /* how much work of socket_until() runs */
	int forks;      /* see below */
	unsigned long long adopted;
	struct pollfd *looks; /* for look() */
	int looks_room;
	struct poller_event events[BATCH];
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

static struct record *find(struct sockets *N, int fd)
{
	if (N != NULL && fd >= 0 && fd < N->room && N->records[fd] != NULL &&
	    N->records[fd]->token != 0)
		return N->records[fd];
	errno = N == NULL ? EINVAL : EBADF;
	return NULL;
}

int socket_adopted(struct sockets *N, int fd)
{
	return find(N, fd) == NULL ? -1 : 0;
}

static int grow(struct sockets *N, int fd)
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
static struct record *record_of(struct sockets *N, int fd)
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

/* Runs work, from which the sockets cannot be closed. */
static int try_work(struct sockets *N, socket_work work, void *ud)
{
	int outside = coroutine_running(dispatcher_schedule(N->D)) == -1, done;

	N->working += outside; /* inside it is refused anyway */
	done = work(ud) != 0;
	N->working -= outside;
	return done;
}

//! [served]
/* The loop does what somebody waits to do. Returns 1 when there is more to come:
 * then the coroutine need not run. As park() does, this tells the poller that
 * somebody waits. When that fails, or work has closed the descriptor, the
 * coroutine is woken, and hears of it. */
static int served(struct sockets *N, const struct place *p)
{
	struct seat *seat = &N->seats[p->id % N->slots];

	if (seat->work == NULL || seat->done)
		return 0;
	seat->done = try_work(N, seat->work, seat->ud);
	if (seat->done || (p->record->ready & p->want) ||
	    p->record->token != p->token)
		return 0;
	return N->poller->want(N->poller, (int)(p->token & INT_MAX), p->want,
			       p->token) == 0;
}
//! [served]

static void enter(struct place *p, struct record *r, int want, int id)
{
	*p =
		(struct place){ &r->line, r->line.previous, r, r->token, want,
				id };
	p->previous->next = p->next->previous = p;
}

/* Twice does no harm: who is alone is linked to itself. */
static void leave(struct place *p)
{
	p->previous->next = p->next;
	p->next->previous = p->previous;
	p->next = p->previous = p;
}

/* All of the line, for the byte goes to one, and which one is not ours to say.
 * They stay in line until they run. Who is awake already stays as it is. */
static void wake(struct sockets *N, struct record *r, int ready)
{
	unsigned long long token = r->token; /* work may close it */

	for (struct place *p = r->line.next; p != &r->line && r->token == token;
	     p = p->next)
		if ((p->want & ready) && !served(N, p))
			dispatcher_wake(N->D, p->id, 0);
}

/* ---- News ---------------------------------------------------------------- */

//! [event]
/* The number in a token may have been closed, and used again, since. */
static void take(struct sockets *N, const struct poller_event *e)
{
	struct record *r = find(N, (int)(e->token & INT_MAX));

	if (r == NULL || r->token != e->token)
		return;
	r->ready |= e->ready;
	wake(N, r, e->ready);
}
//! [event]

/* In milliseconds from now, rounded up: who wakes too early wakes twice. */
static int distance(struct timer *T, long long when)
{
	long long rest = when - timer_now(T);

	if (rest <= 0)
		return 0;
	if (rest > INT_MAX * TIMER_MS)
		return INT_MAX;
	return (int)((rest + TIMER_MS - 1) / TIMER_MS);
}

//! [news]
/* The dispatcher's source: descriptors and time. No coroutine runs here, they
 * are woken only. */
static int news(void *ud, int wait)
{
	struct sockets *N = ud;
	long long next = timer_next(N->T);
	int count = 0;

	if (N->forks != forks)
		return refuse(EPERM);
	if (wait && next == TIMER_NEVER && N->waiting == 0)
		return 0;
	if (wait && next == TIMER_NEVER)
		count = N->poller->wait(N->poller, N->events, BATCH, -1);
	else if (wait || N->waiting > 0)
		count = N->poller->wait(N->poller, N->events, BATCH,
					wait ? distance(N->T, next) : 0);
	if (count == -1)
		return -1;
	for (int i = 0; i < count; i++)
		take(N, &N->events[i]);
	if (next != TIMER_NEVER)
		timer_expire(N->T);
	return 1;
}
//! [news]

/* ---- Waiting ------------------------------------------------------------- */

/* The places of coroutine `id`, at least `count`. */
static struct place *places(struct sockets *N, int id, int count)
{
	struct seat *seat = &N->seats[id % N->slots];
	struct place *more;

	if (id % N->slots >= N->seats_used)
		N->seats_used = id % N->slots + 1;
	if (count == 1)
		return &seat->one;
	if (count > seat->room) {
		more = realloc(seat->many, (size_t)count * sizeof *more);
		if (more == NULL)
			return NULL;
		seat->many = more;
		seat->room = count;
	}
	return seat->many;
}

/* Stands in the line of each, until one of them is ready, or something else
 * ends the wait. Afterwards nothing of it is left, however it ended. */
static int park(struct sockets *N, const struct socket_want *wants, int count)
{
	int id = dispatcher_self(N->D), result = id == -1 ? -1 : 0, in,
	    gone = 0;
	struct place *mine = id == -1 ? NULL : places(N, id, count);
	struct record *r = NULL;

	if (mine == NULL)
		return -1;
	for (in = 0; in < count && result == 0; in++) {
		r = N->records[wants[in].fd];
		enter(&mine[in], r, wants[in].want, id);
		result = N->poller->want(N->poller, wants[in].fd,
					 wants[in].want, r->token);
	}
	N->waiting++;
	if (result == 0)
		result = dispatcher_park(N->D, DISPATCHER_ON_DESCRIPTOR,
					 count > 1 ? "one of several"
						   : r->words[wants->want - 1]);
	N->waiting--;
	while (in-- > 0) {
		leave(&mine[in]);
		gone |= mine[in].record->token != mine[in].token;
	}
	return result == 0 && gone ? refuse(ECANCELED) : result;
}

/* ---- The calls ----------------------------------------------------------- */

int socket_await(struct sockets *N, int fd, int want)
{
	struct record *r = find(N, fd);
	struct socket_want one = { fd, want, 0 };

	if (r == NULL)
		return -1;
	if (want < 1 || want > BOTH)
		return refuse(EINVAL);
	while (!(r->ready & want))
		if (park(N, &one, 1) == -1)
			return -1;
	return 0;
}

/* Parks until the work is done (1), or is to go on here (0). -1: the wait has
 * failed. */
static int park_with(struct sockets *N, const struct socket_want *one,
		     socket_work work, void *ud)
{
	int id = dispatcher_self(N->D), result;
	struct seat *seat;

	if (id == -1)
		return -1;
	seat = &N->seats[id % N->slots];
	seat->work = work;
	seat->ud = ud;
	seat->done = 0;
	result = park(N, one, 1);
	seat->work = NULL;
	return seat->done ? 1 : result;
}

int socket_until(struct sockets *N, int fd, int want, socket_work work,
		 void *ud)
{
	struct record *r = find(N, fd);
	struct socket_want one = { fd, want, 0 };
	unsigned long long token;
	int done = 0;

	if (r == NULL)
		return -1;
	if (want < 1 || want > BOTH || work == NULL)
		return refuse(EINVAL);
	token = r->token;
	while (done == 0) {
		if (r->token != token)
			return refuse(ECANCELED);
		if (!(r->ready & want)) {
			done = park_with(N, &one, work, ud);
			continue;
		}
		done = try_work(N, work, ud);
		if (!done && (r->ready & want))
			dispatcher_yield(N->D); /* the others, too */
	}
	return done == -1 ? -1 : 0;
}

/* Nothing is left of what was reported, and the next event is a new one. But a
 * full pipe says nothing about the end behind the bytes to read. */
void socket_blocked(struct sockets *N, int fd, int want)
{
	struct record *r = find(N, fd);

	if (r != NULL)
		r->ready &= want & POLLER_READ ? ~(want | POLLER_END) : ~want;
}

/* TCP means by it: there is no more now. A local socket may mean: here ends a
 * message, and a terminal: a line. And the end was reported together with the
 * last bytes, if it was; it is not reported twice. */
void socket_spent(struct sockets *N, int fd, int want)
{
	struct record *r = find(N, fd);

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
static int look(struct sockets *N, struct socket_want *wants, int count)
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

int socket_wait_any(struct sockets *N, struct socket_want *wants, int count)
{
	struct pollfd *more;
	int found;

	if (N == NULL || wants == NULL || count < 1)
		return refuse(EINVAL);
	for (int i = 0; i < count; i++) {
		if (find(N, wants[i].fd) == NULL)
			return -1;
		if (wants[i].want < 1 || wants[i].want > BOTH)
			return refuse(EINVAL);
	}
	if (count > N->looks_room) {
		more = realloc(N->looks, (size_t)count * sizeof *more);
		if (more == NULL)
			return -1;
		N->looks = more;
		N->looks_room = count;
	}
	while ((found = look(N, wants, count)) == 0)
		if (park(N, wants, count) == -1)
			return -1;
	return found;
}

int socket_wait(struct sockets *N, int fd, int want)
{
	struct socket_want one = { fd, want, 0 };

	return socket_wait_any(N, &one, 1) == -1 ? -1 : one.ready;
}

/* ---- Adopt and close ----------------------------------------------------- */

int socket_adopt(struct sockets *N, int fd)
{
	socklen_t size = sizeof(int);
	unsigned long long token;
	int flags, error;
	struct record *r;

	if (N == NULL || N->forks != forks)
		return refuse(N == NULL ? EINVAL : EPERM);
	flags = fcntl(fd, F_GETFL);
	r = flags == -1 ? NULL : record_of(N, fd);
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

int socket_close(struct sockets *N, int fd)
{
	struct record *r = find(N, fd);
	struct place *p;

	if (r == NULL)
		return -1;
	if (N->forks == forks) /* in a child it would be the parent's */
		N->poller->remove(N->poller, fd);
	r->token = 0;
	while ((p = r->line.next) != &r->line) {
		leave(p);
		dispatcher_wake(N->D, p->id, ECANCELED);
	}
	return close(fd);
}

struct sockets *sockets_open(struct dispatcher *D, struct timer *T,
			     struct poller *poller)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct sockets *N;

	if (D == NULL || T == NULL || poller == NULL) {
		errno = EINVAL;
		return NULL;
	}
	N = calloc(1, sizeof *N);
	if (N == NULL)
		return NULL;
	N->slots = dispatcher_slots(D);
	N->seats = calloc((size_t)N->slots, sizeof *N->seats);
	if (N->seats == NULL) {
		free(N);
		errno = ENOMEM;
		return NULL;
	}
	pthread_once(&once, prepare);
	N->D = D;
	N->T = T;
	N->poller = poller;
	N->forks = forks;
	dispatcher_source(D, news, N);
	return N;
}

int sockets_close(struct sockets *N)
{
	if (N == NULL)
		return 0;
	if (N->working || coroutine_running(dispatcher_schedule(N->D)) != -1)
		return refuse(EBUSY);
	dispatcher_source(N->D, NULL, NULL);
	N->poller->close(N->poller);
	for (int fd = 0; fd < N->room; fd++) {
		if (find(N, fd) != NULL)
			close(fd);
		free(N->records[fd]);
	}
	for (int i = 0; i < N->seats_used; i++)
		free(N->seats[i].many);
	free(N->seats);
	free(N->records);
	free(N->looks);
	free(N);
	return 0;
}
