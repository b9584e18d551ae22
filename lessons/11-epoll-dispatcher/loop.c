/*
 * The loop: opens and closes in the right order, starts coroutines that are handed
 * the loop, and stops when it is told to.
 */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 600 /* SA_RESTART */
#endif

#include "loop.h"
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { SIGNALS = 65 }; /* more than any system numbers */

/* What a coroutine of the loop runs: its part of the coroutine's record. */
struct start {
	loop_func func;
	void *ud;
};

struct whole {
	struct loop loop; /* first: a pointer to it is one to the whole */
	int part;         /* of each coroutine's record: its start */
	int stopping;
	int bell[2];       /* rung by the signal handler; 0, 0: none */
	struct place hook; /* in the line of the bell */
	struct sigaction before[SIGNALS];
	char taken[SIGNALS];
};

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* ---- Open, close, run ---------------------------------------------------- */

static int open_dispatcher(struct whole *W, const struct loop_options *o)
{
	struct coroutine_options c = { .slots = o->coroutines,
				       .stack_size = o->stack_size,
				       .stacks = o->stacks };

	W->loop.D = dispatcher_open(&c);
	if (W->loop.D == NULL)
		return -1;
	W->part = waiter_reserve(W->loop.D, sizeof(struct start), NULL, NULL);
	W->loop.T = timer_open(W->loop.D, o->clock);
	return W->part == -1 || W->loop.T == NULL ? -1 : 0;
}

static int open_network(struct whole *W, const struct loop_options *o)
{
	struct poller *poller = poller_open(o->poller);
	int error;

	if (poller == NULL)
		return -1;
	W->loop.N = network_open(W->loop.T, poller);
	if (W->loop.N != NULL)
		return 0;
	error = errno;
	poller->close(poller);
	return refuse(error);
}

struct loop *loop_open(const struct loop_options *options)
{
	struct loop_options o = { 0 };
	struct whole *W = calloc(1, sizeof *W);
	int error;

	if (W == NULL)
		return NULL;
	if (options != NULL)
		o = *options;
	if (open_dispatcher(W, &o) == 0 && open_network(W, &o) == 0)
		return &W->loop;
	error = errno;
	loop_close(&W->loop);
	errno = error;
	return NULL;
}

static void give_signals_back(struct whole *W);

int loop_close(struct loop *L)
{
	struct whole *W = (struct whole *)L;

	if (L == NULL)
		return 0;
	if (network_close(L->N) == -1)
		return -1;
	give_signals_back(W);
	timer_close(L->T);
	dispatcher_close(L->D);
	free(W);
	return 0;
}

int loop_run(struct loop *L)
{
	return dispatcher_run(L ? L->D : NULL);
}

/* ---- Coroutines that are handed the loop ---------------------------------- */

static void *run(struct dispatcher *D, void *ud)
{
	struct whole *W = ud;
	struct start *s = waiter_part(waiter_self(D), W->part);

	s->func(&W->loop, s->ud);
	return NULL;
}

int loop_spawn(struct loop *L, const char *name, loop_func func, void *ud)
{
	struct whole *W = (struct whole *)L;
	struct start *s;
	int id;

	if (L == NULL || func == NULL)
		return refuse(EINVAL);
	id = dispatcher_spawn(L->D, name, run, W);
	if (id == -1)
		return -1;
	s = waiter_part(waiter_of(L->D, id), W->part);
	*s = (struct start){ func, ud };
	return id;
}

int loop_start(struct loop *L, const char *name, loop_func func, void *ud)
{
	int id = loop_spawn(L, name, func, ud);

	if (id != -1)
		dispatcher_detach(L->D, id);
	return id;
}

int loop_listen(struct loop *L, const char *address, int port)
{
	int fd, error;

	if (L == NULL)
		return refuse(EINVAL);
	fd = socket_listen(address, port);
	if (fd == -1 || socket_adopt(L->N, fd) == 0)
		return fd;
	error = errno;
	close(fd);
	return refuse(error);
}

/* ---- Stop ------------------------------------------------------------------ */

int loop_stop(struct loop *L)
{
	struct whole *W = (struct whole *)L;

	if (L == NULL)
		return refuse(EINVAL);
	if (W->stopping)
		return dispatcher_stop(L->D);
	W->stopping = 1;
	dispatcher_interrupt_all(L->D, ECANCELED);
	return 0;
}

/* Whom a signal rings: the pipe of a loop, and of which process it is: a child of
 * fork() has our handler, too. */
static struct {
	volatile int bell;
	volatile pid_t owner;
} rings[SIGNALS];

/* In a signal handler little is allowed; write() is. */
static void ring(int number)
{
	int error = errno;

	if (rings[number].owner == getpid())
		while (write(rings[number].bell, "", 1) == -1 && errno == EINTR)
			; /* but a full pipe rings as well */
	errno = error;
}

/* The loop is told that the bell has been rung. Nobody is woken for that. */
static int answer_bell(struct place *p)
{
	struct whole *W = p->ud;
	char bytes[16];
	ssize_t count;

	while ((count = read(W->bell[0], bytes, sizeof bytes)) > 0)
		while (count-- > 0)
			loop_stop(&W->loop);
	socket_blocked(W->loop.N, W->bell[0], POLLER_READ);
	W->loop.N->poller->want(W->loop.N->poller, W->bell[0], POLLER_READ,
				p->token);
	return 1;
}

static int hang_bell(struct whole *W)
{
	int error;

	if (W->bell[0] != W->bell[1])
		return 0; /* it hangs already */
	if (pipe(W->bell) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		fcntl(W->bell[i], F_SETFD, FD_CLOEXEC);
	fcntl(W->bell[1], F_SETFL, O_NONBLOCK);
	W->hook.ud = W;
	if (socket_adopt(W->loop.N, W->bell[0]) == 0 &&
	    network_watch(W->loop.N, &W->hook, W->bell[0], answer_bell) == 0)
		return 0;
	error = errno;
	if (socket_close(W->loop.N, W->bell[0]) == -1)
		close(W->bell[0]);
	close(W->bell[1]);
	W->bell[0] = W->bell[1] = 0;
	return refuse(error);
}

int loop_stop_on(struct loop *L, int number)
{
	struct whole *W = (struct whole *)L;
	struct sigaction action;

	if (L == NULL || number < 1 || number >= SIGNALS)
		return refuse(EINVAL);
	if (rings[number].owner == getpid())
		return W->taken[number] ? 0 : refuse(EBUSY);
	if (hang_bell(W) == -1)
		return -1;
	action.sa_handler = ring;
	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	rings[number].bell = W->bell[1];
	rings[number].owner = getpid();
	W->taken[number] = 1;
	if (sigaction(number, &action, &W->before[number]) == 0)
		return 0;
	W->taken[number] = 0;
	rings[number].owner = 0;
	return -1;
}

static void give_signals_back(struct whole *W)
{
	for (int number = 1; number < SIGNALS; number++) {
		if (!W->taken[number])
			continue;
		sigaction(number, &W->before[number], NULL);
		rings[number].owner = 0;
	}
	if (W->bell[1] != W->bell[0])
		close(W->bell[1]); /* the other end went with the network */
}
