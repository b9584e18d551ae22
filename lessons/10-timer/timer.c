/*
 * Timers. Each slot of the dispatcher has an entry here: up to when its
 * coroutine sleeps, and its deadline. The earlier of the two stands in the
 * heap. When that moment comes, a sleep that is over wakes the coroutine, and a
 * deadline that has passed interrupts it.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "timer.h"
#include "heap.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct entry {
	struct heap_node node; /* first: a pointer to it is one to the entry */
	long long owner;       /* id + 1 of the coroutine; 0: never used */
	long long sleep;       /* TIMER_NEVER: it does not sleep */
	long long deadline;    /* TIMER_NEVER: it has none */
	int expired;           /* the deadline has passed, and it is told */
};

struct timer {
	struct dispatcher *D;
	struct timer_clock clock;
	struct heap heap;
	struct entry *entries;
	int slots;
};

/* ---- The system's clock -------------------------------------------------- */

static long long system_now(void *ud)
{
	struct timespec t;

	(void)ud;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * TIMER_SECOND + t.tv_nsec;
}

static int system_sleep(void *ud, long long until)
{
	long long rest = until - system_now(ud);
	struct timespec t;

	if (rest <= 0)
		return 0;
	t.tv_sec = (time_t)(rest / TIMER_SECOND);
	t.tv_nsec = (long)(rest % TIMER_SECOND);
	nanosleep(&t, NULL); /* a signal ends it early: we are asked again */
	return 0;
}

/* ---- Entries --------------------------------------------------------------- */

/* The entry of a coroutine, wiped when its slot had another one before. */
static struct entry *entry_of(struct timer *T, int id)
{
	struct entry *e = &T->entries[id % T->slots];

	if (e->owner != (long long)id + 1) {
		heap_remove(&T->heap, &e->node);
		e->owner = (long long)id + 1;
		e->sleep = e->deadline = TIMER_NEVER;
		e->expired = 0;
	}
	return e;
}

/* Puts the entry where it belongs. There is room for all. */
static void arm(struct timer *T, struct entry *e)
{
	long long when = e->expired ? TIMER_NEVER : e->deadline;

	if (e->sleep < when)
		when = e->sleep;
	if (when == TIMER_NEVER)
		heap_remove(&T->heap, &e->node);
	else if (e->node.place == 0 || e->node.when != when)
		heap_add(&T->heap, &e->node, when);
}

/* Sets or takes back a time-out. Who is interrupted for another reason, a cancel,
 * stays so. */
static int interrupt(struct timer *T, int id, int error)
{
	int present = dispatcher_interrupted(T->D, id);

	if (present != 0 && present != ETIMEDOUT)
		return 0;
	return dispatcher_interrupt(T->D, id, error);
}

//! [expire]
/* The entry's moment has come. A sleep that ends before the deadline, or with
 * it, has ended well. Returns whether its coroutine is ready by it. */
static int expire(struct timer *T, struct entry *e)
{
	int id = (int)(e->owner - 1), woken;

	if (e->sleep == e->node.when) {
		e->sleep = TIMER_NEVER;
		woken = dispatcher_wake(T->D, id, 0);
	} else {
		e->expired = 1;
		woken = interrupt(T, id, ETIMEDOUT);
	}
	arm(T, e);
	return woken == 1;
}
//! [expire]

int timer_expire(struct timer *T)
{
	long long now = timer_now(T);
	struct heap_node *node;
	int woken = 0;

	while ((node = heap_first(&T->heap)) != NULL && node->when <= now)
		woken += expire(T, (struct entry *)node);
	return woken;
}

/* Who has ended leaves its entry behind; on top it would make us wait. */
long long timer_next(struct timer *T)
{
	struct heap_node *node;
	int state;

	while ((node = heap_first(&T->heap)) != NULL) {
		state = dispatcher_status(
			T->D, (int)(((struct entry *)node)->owner - 1));
		if (state != DISPATCHER_GONE && state != DISPATCHER_ENDED)
			return node->when;
		heap_remove(&T->heap, node);
	}
	return TIMER_NEVER;
}

//! [news]
/* The dispatcher's source of news: time. */
static int news(void *ud, int wait)
{
	struct timer *T = ud;
	long long next = timer_next(T);

	if (next == TIMER_NEVER)
		return 0;
	if (wait && next > timer_now(T) && T->clock.sleep != NULL &&
	    T->clock.sleep(T->clock.ud, next) == -1)
		return -1;
	timer_expire(T);
	return 1;
}
//! [news]

/* ---- The calls ------------------------------------------------------------- */

struct timer *timer_open(struct dispatcher *D, const struct timer_clock *clock)
{
	static const struct timer_clock system = { system_now, system_sleep,
						   NULL };
	struct timer *T;

	if (clock == NULL)
		clock = &system;
	if (D == NULL || clock->now == NULL) {
		errno = EINVAL;
		return NULL;
	}
	T = calloc(1, sizeof *T);
	if (T == NULL)
		return NULL;
	T->D = D;
	T->clock = *clock;
	T->slots = dispatcher_slots(D);
	/* Large, but touched only as coroutines come to use it. */
	T->entries = calloc((size_t)T->slots, sizeof *T->entries);
	if (T->entries == NULL || heap_init(&T->heap, (size_t)T->slots) == -1) {
		free(T->entries);
		free(T);
		errno = ENOMEM;
		return NULL;
	}
	dispatcher_source(D, news, T);
	return T;
}

void timer_close(struct timer *T)
{
	if (T == NULL)
		return;
	dispatcher_source(T->D, NULL, NULL);
	heap_free(&T->heap);
	free(T->entries);
	free(T);
}

long long timer_now(struct timer *T)
{
	return T->clock.now(T->clock.ud);
}

int timer_sleep_until(struct timer *T, long long when)
{
	struct entry *e;
	int id, result;

	if (T == NULL) {
		errno = EINVAL;
		return -1;
	}
	id = dispatcher_self(T->D);
	if (id == -1)
		return -1;
	e = entry_of(T, id);
	e->sleep = when;
	arm(T, e);
	result = dispatcher_park(T->D, DISPATCHER_ON_TIMER, "sleep");
	e->sleep = TIMER_NEVER; /* it may have ended otherwise */
	arm(T, e);
	return result;
}

int timer_sleep(struct timer *T, long long duration)
{
	long long now = T ? timer_now(T) : 0;

	if (duration < 0)
		duration = 0;
	if (duration > TIMER_NEVER - now)
		return timer_sleep_until(T, TIMER_NEVER);
	return timer_sleep_until(T, now + duration);
}

long long timer_deadline(struct timer *T, long long when)
{
	long long before;
	struct entry *e;
	int id;

	if (T == NULL || when < 0) {
		errno = EINVAL;
		return -1;
	}
	id = dispatcher_self(T->D);
	if (id == -1)
		return -1;
	e = entry_of(T, id);
	before = e->deadline;
	if (e->expired)
		interrupt(T, id, 0);
	e->deadline = when;
	e->expired = when <= timer_now(T);
	if (e->expired)
		interrupt(T, id, ETIMEDOUT);
	arm(T, e);
	return before;
}
