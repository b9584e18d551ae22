/*
 * The dispatcher. The story, top to bottom: what a task is, and the table of
 * its states; the ready queue; how a coroutine steps aside and who goes on; the
 * loop; making and joining; park and wake, on which all waiting is built.
 *
 * Nothing changes before a switch has happened, since a switch can be refused:
 * who leaves says what it wishes to be, and whoever arrives on the other side
 * makes it so.
 */
#include "dispatcher.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* ---- Types and the state table ----------------------------------------- */

enum { NOTHING = -1 };

/* A coroutine of the dispatcher, in its slot. */
struct task {
	struct waiter waiter; /* first: a pointer to it is one to the task */
	struct task *joiner;
	dispatcher_func func;
	void *ud; /* for func; after the end, the result */
	/* What every wait touches, together. */
	struct dispatcher *D;
	struct task *next; /* in the ready queue, or in the list of free ones */
	const char *what;  /* parked: for what it waits */
	int id;
	int coroutine; /* its id in the schedule */
	int state;
	int error;     /* how its last wait ended */
	int interrupt; /* how every wait ends from now on; 0: as it may */
	int detached;
	char name[DISPATCHER_NAME];
};

struct dispatcher {
	struct parking parking; /* first, as above */
	struct schedule *S;
	struct task *tasks;
	int slots;
	int fresh;           /* slots from here on have never been used */
	int alive;           /* tasks that have not ended */
	struct task *vacant; /* free slots that have been used */
	struct task *first;  /* the ready queue */
	struct task *last;
	int ready; /* how many are in it */
	int left;  /* how many of them still belong to this round */
	struct task *running;
	struct task *next; /* to whom control is on its way */
	int wish;          /* what the running one will be; NOTHING: running */
	int inside;        /* in a round, in the source, in the tracer */
	dispatcher_news news;
	void *news_ud;
	dispatcher_tracer tracer;
	void *tracer_ud;
};

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

static int refuse(int error)
{
	errno = error;
	return -1;
}

static void *refuse_null(int error)
{
	errno = error;
	return NULL;
}

static int is_parked(const struct task *t)
{
	return kinds[t->state] != NULL;
}

/* The task of an id, or NULL. Slots are used again, ids are not: they go up by
 * the number of slots, and repeat after the last int. */
static struct task *find(struct dispatcher *D, int id)
{
	struct task *t = id < 0 ? NULL : &D->tasks[id % D->slots];

	if (t == NULL || id % D->slots >= D->fresh || t->id != id ||
	    t->state == DISPATCHER_GONE)
		return refuse_null(ESRCH);
	return t;
}

/* The one place where a state changes. */
static void change(struct task *t, int to)
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
static int wake(struct task *t, int error)
{
	if (!is_parked(t))
		return 0;
	t->error = error;
	change(t, error ? DISPATCHER_INTERRUPTED : DISPATCHER_READY);
	push(t);
	return 1;
}
//! [wake]

/* ---- Control goes from one to another ---------------------------------- */

/* Whoever ran until now becomes what it wished to be. */
static void settle(struct dispatcher *D)
{
	struct task *t = D->running;

	if (t == NULL)
		return;
	D->running = NULL;
	change(t, D->wish);
	if (t->state == DISPATCHER_READY)
		push(t);
	if (t->state != DISPATCHER_ENDED && t->state != DISPATCHER_GONE)
		return;
	D->alive--;
	if (t->joiner != NULL)
		wake(t->joiner, 0);
	if (t->state == DISPATCHER_GONE)
		free_slot(t);
}

/* The first of the queue is on its stack and takes over. */
static void arrive(struct dispatcher *D, struct task *me)
{
	while (D->next != me) /* somebody resumed us by hand: not our turn */
		coroutine_yield(D->S);
	D->next = NULL;
	settle(D);
	pop(D);
	D->running = me;
	D->wish = NOTHING;
	change(me, DISPATCHER_RUNNING);
}

/*
 * The running task leaves, and is `wish` until it is back. It goes straight to
 * the next one of the round, which costs half of the way through the loop when
 * the two have different stacks.
 */
static int step_aside(struct dispatcher *D, int wish)
{
	struct task *me = D->running;
	int result;

	D->wish = wish;
	D->next = D->left > 0 ? D->first : NULL;
	if (D->next != NULL)
		result = coroutine_transfer(D->S, D->next->coroutine);
	else
		result = coroutine_yield(D->S);
	if (result == -1) {
		D->wish = NOTHING;
		D->next = NULL;
		return -1;
	}
	arrive(D, me);
	return 0;
}

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
	settle(D);
}

//! [round]
static int play_round(struct dispatcher *D, int wait)
{
	int news = 0;

	wait = wait && D->ready == 0;
	if (D->news != NULL)
		news = D->news(D->news_ud, wait);
	if (news == -1)
		return -1;
	if (news == 0 && wait && D->ready == 0)
		return refuse(EDEADLK);
	D->left = D->ready; /* who becomes ready from here on comes later */
	while (D->left > 0)
		run_first(D);
	return D->alive;
}
//! [round]

int dispatcher_round(struct dispatcher *D, int wait)
{
	int result;

	if (D == NULL)
		return refuse(EINVAL);
	if (D->inside || coroutine_running(D->S) != -1)
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

	do
		result = dispatcher_round(D, 1);
	while (result > 0);
	if (result == -1 && errno == EDEADLK) {
		fprintf(stderr, "deadlock: nobody is left to wake these\n");
		dispatcher_report(D, stderr);
		errno = EDEADLK;
	}
	return result;
}

int dispatcher_report(struct dispatcher *D, FILE *to)
{
	int parked = 0;

	if (D == NULL || to == NULL)
		return refuse(EINVAL);
	for (struct task *t = D->tasks; t < D->tasks + D->fresh; t++) {
		if (!is_parked(t))
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
	int coroutine;

	if (D == NULL || func == NULL)
		return refuse(EINVAL);
	t = D->vacant;
	if (t == NULL && D->fresh == D->slots)
		return refuse(EAGAIN);
	if (t == NULL)
		t = &D->tasks[D->fresh];
	coroutine = coroutine_new(D->S, entry, t);
	if (coroutine == -1)
		return -1; /* generators have taken its slots */
	if (t == D->vacant)
		D->vacant = t->next;
	else
		t->id = D->fresh++;
	*t = (struct task){ .D = D, .func = func, .ud = ud, .id = t->id };
	t->coroutine = coroutine;
	snprintf(t->name, sizeof t->name, "%s", name ? name : "");
	D->alive++;
	change(t, DISPATCHER_READY);
	push(t);
	return t->id;
}

/* The task of an id that somebody may join or detach, or NULL. */
static struct task *find_joinable(struct dispatcher *D, int id)
{
	struct task *t = D ? find(D, id) : refuse_null(EINVAL);

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
	change(t, DISPATCHER_GONE);
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
		change(t, DISPATCHER_GONE);
		free_slot(t);
	}
	return 0;
}

/* ---- Park and wake ------------------------------------------------------- */

/* Whether the caller is the running task itself, not a generator of it. */
static int may_park(const struct dispatcher *D)
{
	if (D == NULL)
		return refuse(EINVAL);
	if (D->running == NULL ||
	    coroutine_running(D->S) != D->running->coroutine)
		return refuse(EPERM);
	return 0;
}

int dispatcher_yield(struct dispatcher *D)
{
	if (may_park(D) == -1)
		return -1;
	return step_aside(D, DISPATCHER_READY);
}

int dispatcher_park(struct dispatcher *D, int state, const char *what)
{
	struct task *me;

	if (!dispatcher_status_name(state) || !kinds[state] || what == NULL)
		return refuse(EINVAL);
	if (may_park(D) == -1)
		return -1;
	me = D->running;
	if (me->interrupt)
		return refuse(me->interrupt);
	me->what = what;
	if (step_aside(D, state) == -1)
		return -1;
	return me->error ? refuse(me->error) : 0;
}

int dispatcher_wake(struct dispatcher *D, int id, int error)
{
	struct task *t = D ? find(D, id) : refuse_null(EINVAL);

	return t == NULL ? -1 : wake(t, error);
}

int dispatcher_interrupt(struct dispatcher *D, int id, int error)
{
	struct task *t = D ? find(D, id) : refuse_null(EINVAL);

	if (t == NULL)
		return -1;
	t->interrupt = error;
	return error ? wake(t, error) : 0;
}

int dispatcher_interrupted(struct dispatcher *D, int id)
{
	struct task *t = D ? find(D, id) : refuse_null(EINVAL);

	return t == NULL ? -1 : t->interrupt;
}

/* What a cond wants of us, said in our own words. */
static struct waiter *parking_self(struct parking *P)
{
	struct dispatcher *D = (struct dispatcher *)P;

	return may_park(D) == -1 ? NULL : &D->running->waiter;
}

//! [parking]
static int parking_park(struct parking *P, struct waiter *me, const char *what)
{
	(void)me;
	return dispatcher_park((struct dispatcher *)P, DISPATCHER_ON_COND,
			       what);
}

static int parking_wake(struct parking *P, struct waiter *who)
{
	(void)P;
	return wake((struct task *)who, 0);
}
//! [parking]

/* ---- Open, close, and what can be asked ---------------------------------- */

struct dispatcher *dispatcher_open(const struct coroutine_options *options)
{
	struct dispatcher *D = calloc(1, sizeof *D);
	int error;

	if (D == NULL)
		return NULL;
	D->S = coroutine_open_with(options);
	D->slots = options && options->slots ? options->slots : COROUTINE_SLOTS;
	if (D->S != NULL) /* untouched pages of it cost nothing */
		D->tasks = calloc((size_t)D->slots, sizeof *D->tasks);
	if (D->tasks == NULL) {
		error = errno;
		coroutine_close(D->S);
		free(D);
		return refuse_null(error);
	}
	D->parking =
		(struct parking){ parking_self, parking_park, parking_wake };
	D->wish = NOTHING;
	return D;
}

int dispatcher_close(struct dispatcher *D)
{
	if (D == NULL)
		return 0;
	if (D->inside || coroutine_close(D->S) == -1)
		return refuse(EBUSY);
	for (struct task *t = D->tasks; t < D->tasks + D->fresh; t++)
		if (t->state != DISPATCHER_GONE)
			change(t, DISPATCHER_GONE);
	free(D->tasks);
	free(D);
	return 0;
}

int dispatcher_self(struct dispatcher *D)
{
	return may_park(D) == -1 ? -1 : D->running->id;
}

int dispatcher_status(struct dispatcher *D, int id)
{
	struct task *t = D ? find(D, id) : NULL;

	return t == NULL ? DISPATCHER_GONE : t->state;
}

const char *dispatcher_name(struct dispatcher *D, int id)
{
	struct task *t = D ? find(D, id) : refuse_null(EINVAL);

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

int dispatcher_slots(struct dispatcher *D)
{
	return D ? D->slots : refuse(EINVAL);
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
