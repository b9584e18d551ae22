/*
 * The dispatcher. The story, top to bottom: what a task is, and the table of
 * its states; the ready queue; how a coroutine steps aside and who goes on; the
 * loop; making and joining; park and wake, on which all waiting is built.
 *
 * Where coroutines share stacks, a switch can be refused, because there is no
 * memory for the frames. So nothing changes before it has happened: the leaver
 * says what it wishes to be, and the coroutine that arrives on the other side
 * makes it so. With a stack of its own a coroutine can always leave. Then it
 * changes first, and does what the loop would do next: if the round is over it
 * begins the next one where it stands, and if it finds itself at the head of the
 * queue, there is no switch at all.
 */
#include "task.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Types and the state table ----------------------------------------- */

#define END "join, detach or close"

/* All legal moves with their events. Rows: from; columns: to. */
static const char *const events[DISPATCHER_STATES][DISPATCHER_STATES] = {
	[DISPATCHER_GONE] = { [DISPATCHER_READY] = "new" },
	[DISPATCHER_READY] = { [DISPATCHER_RUNNING] = "resume",
			       [DISPATCHER_GONE] = "close" },
	[DISPATCHER_RUNNING] = { [DISPATCHER_READY] = "yield",
				 [DISPATCHER_ON_COND] = "wait",
				 [DISPATCHER_ON_JOIN] = "join",
				 [DISPATCHER_ON_TIMER] = "sleep",
				 [DISPATCHER_ON_DESCRIPTOR] = "socket call",
				 [DISPATCHER_ENDED] = "exit",
				 [DISPATCHER_GONE] = "exit, detached" },
	[DISPATCHER_ON_COND] = { [DISPATCHER_READY] = "cond",
				 [DISPATCHER_INTERRUPTED] = "timeout",
				 [DISPATCHER_GONE] = "close" },
	[DISPATCHER_ON_JOIN] = { [DISPATCHER_READY] = "exit of the other",
				 [DISPATCHER_INTERRUPTED] = "timeout",
				 [DISPATCHER_GONE] = "close" },
	[DISPATCHER_ON_TIMER] = { [DISPATCHER_READY] = "timeout",
				  [DISPATCHER_INTERRUPTED] = "timeout",
				  [DISPATCHER_GONE] = "close" },
	[DISPATCHER_ON_DESCRIPTOR] = { [DISPATCHER_READY] = "socket I/O",
				       [DISPATCHER_INTERRUPTED] =
					       "timeout or close",
				       [DISPATCHER_GONE] = "close" },
	[DISPATCHER_INTERRUPTED] = { [DISPATCHER_RUNNING] = "resume",
				     [DISPATCHER_GONE] = "close" },
	[DISPATCHER_ENDED] = { [DISPATCHER_GONE] = END },
};

static const char *const names[DISPATCHER_STATES] = {
	"GONE",     "READY",         "RUNNING",     "ON_COND", "ON_JOIN",
	"ON_TIMER", "ON_DESCRIPTOR", "INTERRUPTED", "ENDED"
};

/* What a parked one waits for, by its state. */
static const char *const kinds[DISPATCHER_STATES] = {
	[DISPATCHER_ON_COND] = "cond",
	[DISPATCHER_ON_JOIN] = "the end of",
	[DISPATCHER_ON_TIMER] = "timer",
	[DISPATCHER_ON_DESCRIPTOR] = "descriptor"
};

int task_waits_in(int state)
{
	return kinds[state] != NULL;
}

/* The task of an id, or NULL. Slots are used again, ids are not: they go up by
 * the number of slots, and repeat after the last int. */
struct task *task_of(struct dispatcher *D, int id)
{
	struct task *t;

	if (D == NULL)
		return refuse_null(EINVAL);
	t = id < 0 ? NULL : task_at(D, id % D->slots);
	if (t == NULL || id % D->slots >= D->fresh || t->id != id ||
	    t->state == DISPATCHER_GONE)
		return refuse_null(ESRCH);
	return t;
}

/* The one place where a state changes. */
static void become(struct task *t, int to)
{
	struct dispatcher *D = t->D;
	int from = t->state;

	assert(events[from][to] != NULL);
	t->state = to;
	if (D->tracer == NULL)
		return;
	D->inside++;
	D->tracer(D->tracer_ud, D, t->id, from, to);
	D->inside--;
}

/* A task that is GONE leaves its slot to another. */
static void free_slot(struct task *t)
{
	struct dispatcher *D = t->D;

	t->id = t->id > INT_MAX - D->slots ? t->id % D->slots
					   : t->id + D->slots;
	t->next = D->vacant;
	D->vacant = t;
}

/* ---- The ready queue: first in, first out ------------------------------ */

static void push(struct task *t)
{
	struct dispatcher *D = t->D;

	t->next = NULL;
	if (D->ready++ == 0)
		D->first = t;
	else
		D->last->next = t;
	D->last = t;
}

static void pop(struct dispatcher *D)
{
	D->first = D->first->next;
	D->ready--;
	D->left--;
}

//! [wake]
/* The parked task is ready again; its wait ends with `error`, or well. */
int task_wake(struct task *t, int error)
{
	if (!task_waits_in(t->state))
		return 0;
	t->error = error;
	become(t, error ? DISPATCHER_INTERRUPTED : DISPATCHER_READY);
	push(t);
	return 1;
}
//! [wake]

/* ---- Control goes from one to another ---------------------------------- */

//! [switch]
/* Whoever ran until now becomes what it wished to be. */
static void fulfil(struct dispatcher *D)
{
	struct task *t = D->running;
	int detached;

	if (t == NULL)
		return;
	D->running = NULL;
	become(t, D->wish);
	if (t->state == DISPATCHER_READY)
		push(t);
	if (t->state != DISPATCHER_ENDED && t->state != DISPATCHER_GONE)
		return;
	D->alive--;
	detached = t->state == DISPATCHER_GONE;
	if (t->joiner != NULL)
		task_wake(t->joiner, 0);
	task_tell_end(t); /* who may join it, and so free the slot */
	if (detached)
		free_slot(t);
}

/* The first of the queue is on its stack and takes over. */
static void arrive(struct dispatcher *D, struct task *me)
{
	while (D->next != me) /* somebody resumed us by hand: not our turn */
		coroutine_yield(D->S);
	D->next = NULL;
	fulfil(D);
	pop(D);
	D->turns++;
	D->running = me;
	D->wish = NOTHING;
	become(me, DISPATCHER_RUNNING);
}
//! [switch]

//! [round]
/* Asks for news, and makes a round of those who are ready then: whoever becomes
 * ready from there on comes later. Nobody is running meanwhile. */
static int begin_round(struct dispatcher *D, int wait)
{
	int news = 0;

	wait = wait && D->ready == 0;
	if (D->news != NULL)
		news = D->news(D->news_ud, wait);
	if (news == -1)
		return -1;
	if (news == 0 && wait && D->ready == 0)
		return refuse(EDEADLK);
	D->left = D->ready;
	return 0;
}
//! [round]

//! [aside]
/* Who comes after the one that leaves; NULL: the loop, which stands on a stack
 * of its own, and to which one goes back when there is nothing else to do. */
static struct task *successor(struct dispatcher *D)
{
	while (D->left == 0 && D->running == NULL && D->running_on &&
	       !D->stopped && D->error == 0)
		if (begin_round(D, 1) == -1)
			D->error = errno;
	return D->left > 0 ? D->first : NULL;
}

/* The running task could not leave, and goes on. */
static int stay(struct dispatcher *D)
{
	D->wish = NOTHING;
	D->next = NULL;
	return -1;
}

/*
 * The running task leaves, and is `wish` until it is back. It goes straight to
 * the next one of the round, which costs half of the way through the loop when
 * the two have different stacks; and nowhere, when it is the next one itself.
 */
int task_step_aside(struct task *me, int wish)
{
	struct dispatcher *D = me->D;
	int left = 0;

	D->wish = wish;
	if (D->own_stacks)
		fulfil(D);
	D->next = successor(D);
	if (D->next == NULL)
		left = coroutine_yield(D->S);
	else if (D->next != me)
		left = coroutine_transfer(D->S, D->next->coroutine);
	if (left == -1)
		return stay(D);
	arrive(D, me);
	return 0;
}
//! [aside]

/* Where every task begins and ends. */
static void entry(struct schedule *S, void *ud)
{
	struct task *me = ud;

	(void)S;
	arrive(me->D, me);
	me->ud = me->func(me->D, me->ud);
	me->D->wish = me->detached ? DISPATCHER_GONE : DISPATCHER_ENDED;
}

/* ---- The loop ------------------------------------------------------------ */

/* From the first of the queue on, until control is back. A task that calls
 * coroutine_yield() wishes nothing, and goes on. */
static void run_first(struct dispatcher *D)
{
	D->next = D->first;
	coroutine_resume(D->S, D->first->coroutine);
	while (D->wish == NOTHING)
		coroutine_resume(D->S, D->running->coroutine);
	fulfil(D);
}

/* Why a round that was begun on the way could not begin. */
static int take_error(struct dispatcher *D)
{
	int error = D->error;

	D->error = 0;
	return error ? refuse(error) : 0;
}

static int play_round(struct dispatcher *D, int wait)
{
	if (begin_round(D, wait) == -1)
		return -1;
	while (D->left > 0)
		run_first(D);
	return take_error(D) == -1 ? -1 : D->alive;
}

int dispatcher_round(struct dispatcher *D, int wait)
{
	int result;

	if (D == NULL)
		return refuse(EINVAL);
	if (waiter_inside(D))
		return refuse(EBUSY);
	if (D->alive == 0)
		return 0;
	D->inside = 1;
	result = play_round(D, wait);
	D->inside = 0;
	return result;
}

int dispatcher_run(struct dispatcher *D)
{
	int result;

	if (D == NULL)
		return refuse(EINVAL);
	if (waiter_inside(D))
		return refuse(EBUSY);
	D->running_on = 1;
	do
		result = D->stopped ? D->alive : dispatcher_round(D, 1);
	while (result > 0 && !D->stopped);
	D->running_on = D->stopped = 0;
	if (result == -1 && errno == EDEADLK) {
		fprintf(stderr, "deadlock: nobody is left to wake these\n");
		dispatcher_report(D, stderr);
		errno = EDEADLK;
	}
	return result;
}

int dispatcher_stop(struct dispatcher *D)
{
	if (D == NULL)
		return refuse(EINVAL);
	D->stopped = 1;
	return 0;
}

int dispatcher_ready(const struct dispatcher *D)
{
	return D ? D->ready : refuse(EINVAL);
}

int dispatcher_report(struct dispatcher *D, FILE *to)
{
	int parked = 0;

	if (D == NULL || to == NULL)
		return refuse(EINVAL);
	for (int slot = 0; slot < D->fresh; slot++) {
		const struct task *t = task_at(D, slot);

		if (!task_waits_in(t->state))
			continue;
		fprintf(to, "  %s waits for %s \"%s\"\n", t->name,
			kinds[t->state], t->what);
		parked++;
	}
	return parked;
}

/* ---- Making, joining, detaching ------------------------------------------ */

int dispatcher_spawn(struct dispatcher *D, const char *name,
		     dispatcher_func func, void *ud)
{
	struct task *t;
	int coroutine, id;

	if (D == NULL || func == NULL)
		return refuse(EINVAL);
	t = D->vacant;
	if (t == NULL && D->fresh == D->slots)
		return refuse(EAGAIN);
	if (t == NULL)
		t = task_at(D, D->fresh);
	coroutine = coroutine_new(D->S, entry, t);
	if (coroutine == -1)
		return -1; /* generators have taken its slots */
	id = t == D->vacant ? t->id : D->fresh++;
	if (t == D->vacant)
		D->vacant = t->next;
	memset(t, 0, D->record_size);
	t->D = D;
	t->func = func;
	t->ud = ud;
	t->id = id;
	t->coroutine = coroutine;
	snprintf(t->name, sizeof t->name, "%s", name ? name : "");
	D->alive++;
	become(t, DISPATCHER_READY);
	push(t);
	return t->id;
}

int dispatcher_start(struct dispatcher *D, const char *name,
		     dispatcher_func func, void *ud)
{
	int id = dispatcher_spawn(D, name, func, ud);

	if (id != -1)
		dispatcher_detach(D, id);
	return id;
}

/* The task of an id that somebody may join or detach, or NULL. */
static struct task *find_joinable(struct dispatcher *D, int id)
{
	struct task *t = task_of(D, id);

	if (t != NULL && t->detached)
		return refuse_null(ESRCH);
	if (t != NULL && t->joiner != NULL)
		return refuse_null(EBUSY);
	return t;
}

int dispatcher_join(struct dispatcher *D, int id, void **result)
{
	struct task *t = find_joinable(D, id);

	if (t == NULL)
		return -1;
	if (t == D->running)
		return refuse(EDEADLK);
	while (t->state != DISPATCHER_ENDED) {
		int parked;

		t->joiner = D->running;
		parked = dispatcher_park(D, DISPATCHER_ON_JOIN, t->name);
		t->joiner = NULL;
		if (parked == -1)
			return -1;
	}
	if (result != NULL)
		*result = t->ud;
	become(t, DISPATCHER_GONE);
	free_slot(t);
	return 0;
}

int dispatcher_detach(struct dispatcher *D, int id)
{
	struct task *t = find_joinable(D, id);

	if (t == NULL)
		return -1;
	t->detached = 1;
	if (t->state == DISPATCHER_ENDED) {
		become(t, DISPATCHER_GONE);
		free_slot(t);
	}
	return 0;
}

/* ---- Open, close, and what can be asked ---------------------------------- */

/* What is asked for, with our defaults: a stack for each. */
static struct coroutine_options
complete(const struct coroutine_options *options)
{
	struct coroutine_options o = { 0, 0, 0 };

	if (options != NULL)
		o = *options;
	if (o.slots == 0)
		o.slots = DISPATCHER_SLOTS;
	if (o.stacks == 0)
		o.stacks = o.slots;
	if (o.stack_size == 0 && o.stacks == o.slots)
		o.stack_size = DISPATCHER_STACK_SIZE;
	return o;
}

struct dispatcher *dispatcher_open(const struct coroutine_options *options)
{
	struct coroutine_options o = complete(options);
	struct dispatcher *D = calloc(1, sizeof *D);
	int error;

	if (D == NULL)
		return NULL;
	D->S = coroutine_open_with(&o);
	D->slots = o.slots;
	D->own_stacks = o.stacks == o.slots;
	D->record_size = task_aligned(sizeof(struct task));
	if (D->S != NULL) /* untouched pages of it cost nothing */
		D->records = calloc((size_t)D->slots, D->record_size);
	if (D->records == NULL) {
		error = errno;
		coroutine_close(D->S);
		free(D);
		return refuse_null(error);
	}
	D->parking = task_parking;
	D->wish = NOTHING;
	return D;
}

int dispatcher_close(struct dispatcher *D)
{
	if (D == NULL)
		return 0;
	if (D->inside || coroutine_close(D->S) == -1)
		return refuse(EBUSY);
	for (int slot = 0; slot < D->fresh; slot++) {
		struct task *t = task_at(D, slot);

		if (task_is_alive(t))
			task_tell_end(t);
		if (t->state != DISPATCHER_GONE)
			become(t, DISPATCHER_GONE);
	}
	free(D->records);
	free(D);
	return 0;
}

int dispatcher_self(struct dispatcher *D)
{
	struct task *me = (struct task *)waiter_self(D);

	return me == NULL ? -1 : me->id;
}

int dispatcher_status(struct dispatcher *D, int id)
{
	struct task *t = task_of(D, id);

	return t == NULL ? DISPATCHER_GONE : t->state;
}

const char *dispatcher_name(struct dispatcher *D, int id)
{
	struct task *t = task_of(D, id);

	return t == NULL ? NULL : t->name;
}

struct parking *dispatcher_parking(struct dispatcher *D)
{
	return D ? &D->parking : refuse_null(EINVAL);
}

struct schedule *dispatcher_schedule(struct dispatcher *D)
{
	return D ? D->S : refuse_null(EINVAL);
}

int dispatcher_source(struct dispatcher *D, dispatcher_news news, void *ud)
{
	if (D == NULL)
		return refuse(EINVAL);
	D->news = news;
	D->news_ud = ud;
	return 0;
}

int dispatcher_trace(struct dispatcher *D, dispatcher_tracer tracer, void *ud)
{
	if (D == NULL)
		return refuse(EINVAL);
	D->tracer = tracer;
	D->tracer_ud = ud;
	return 0;
}

const char *dispatcher_status_name(int state)
{
	return state < 0 || state >= DISPATCHER_STATES ? NULL : names[state];
}

const char *dispatcher_event(int from, int to)
{
	if (!dispatcher_status_name(from) || !dispatcher_status_name(to))
		return NULL;
	return events[from][to];
}
