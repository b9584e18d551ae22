/*
 * Timers. The record of each coroutine has an entry for us: up to when it
 * sleeps, and its deadline. The earlier of the two stands in the heap. When that moment comes, a sleep that is over wakes the coroutine, and a
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
	struct waiter *owner;  /* NULL: it has never used its timers */
	long long sleep;       /* TIMER_NEVER: it does not sleep */
	long long deadline;    /* TIMER_NEVER: it has none */
	int expired;           /* the deadline has passed, and it is told */
};

struct timer {
	struct dispatcher *D;
	int part; /* of each coroutine's record: its entry */
	struct timer_clock clock;
	timer_sleeping sleep; /* in the clock's place; NULL: nobody */
	void *sleep_ud;
	struct heap heap;
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

static struct entry *entry_of(struct timer *T, struct waiter *w)
{
	struct entry *e = waiter_part(w, T->part);

	if (e->owner == NULL) {
		e->owner = w;
		e->sleep = e->deadline = TIMER_NEVER;
	}
	return e;
}

/* Its coroutine has ended, or the timers are closed: then nobody could take the
 * deadline back that has struck. */
static void drop(void *ud, void *part)
{
	struct timer *T = ud;
	struct entry *e = part;

	if (e->expired)
		waiter_expire(e->owner, 0);
	heap_remove(&T->heap, &e->node);
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

//! [expire]
/* The entry's moment has come. A sleep that ends before the deadline, or with
 * it, has ended well. */
static void expire(struct timer *T, struct entry *e)
{
	if (e->sleep == e->node.when) {
		e->sleep = TIMER_NEVER;
		waiter_wake(e->owner, 0);
	} else {
		e->expired = 1;
		waiter_expire(e->owner, ETIMEDOUT);
	}
	arm(T, e);
}

/* All whose moment has come; equal ones in the order in which they were set. */
static void expire_all(struct timer *T)
{
	long long now = timer_now(T);
	struct heap_node *node;

	while ((node = heap_first(&T->heap)) != NULL && node->when <= now)
		expire(T, (struct entry *)node);
}
//! [expire]

long long timer_next(struct timer *T)
{
	struct heap_node *node = heap_first(&T->heap);

	return node ? node->when : TIMER_NEVER;
}

//! [news]
/* Sleeps until something is due, unless somebody is ready; 0: nothing will be. */
static int rest(struct timer *T, long long next, int wait)
{
	if (T->sleep != NULL)
		return T->sleep(T->sleep_ud, wait ? next : 0);
	if (next == TIMER_NEVER)
		return 0;
	if (wait && next > timer_now(T) && T->clock.sleep != NULL &&
	    T->clock.sleep(T->clock.ud, next) == -1)
		return -1;
	return 1;
}

/* The dispatcher's source of news: time, and what the sleeper brings. What it
 * brings comes first. */
static int news(void *ud, int wait)
{
	struct timer *T = ud;
	long long next = timer_next(T);
	int news = rest(T, next, wait);

	if (news == -1 || next == TIMER_NEVER)
		return news;
	expire_all(T);
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
	T->part = -1;
	if (heap_init(&T->heap, (size_t)waiter_slots(D)) == 0)
		T->part = waiter_reserve(D, sizeof(struct entry), drop, T);
	if (T->part == -1) {
		int error = errno;

		heap_free(&T->heap);
		free(T);
		errno = error;
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
	waiter_release(T->D, T->part);
	heap_free(&T->heap);
	free(T);
}

long long timer_now(struct timer *T)
{
	long long now = T->clock.now(T->clock.ud);

	return now > 0 ? now : 0;
}

void timer_sleeper(struct timer *T, timer_sleeping sleep, void *ud)
{
	T->sleep = sleep;
	T->sleep_ud = ud;
}

struct dispatcher *timer_dispatcher(struct timer *T)
{
	return T->D;
}

/* The running coroutine as a waiter; NULL with EINVAL or EPERM. */
static struct waiter *self(struct timer *T)
{
	if (T == NULL) {
		errno = EINVAL;
		return NULL;
	}
	return waiter_self(T->D);
}

int timer_sleep_until(struct timer *T, long long when)
{
	struct waiter *me = self(T);
	struct entry *e;
	int result;

	if (me == NULL)
		return -1;
	e = entry_of(T, me);
	e->sleep = when > 0 ? when : 0;
	arm(T, e);
	result = waiter_park(me, DISPATCHER_ON_TIMER, "sleep");
	if (e->owner == NULL)
		return result;  /* the timers were closed meanwhile */
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
	struct waiter *me;
	long long before;
	struct entry *e;

	if (T == NULL || when < 0) {
		errno = EINVAL;
		return -1;
	}
	me = waiter_self(T->D);
	if (me == NULL)
		return -1;
	e = entry_of(T, me);
	before = e->deadline;
	e->deadline = when;
	e->expired = when <= timer_now(T);
	waiter_expire(me, e->expired ? ETIMEDOUT : 0);
	arm(T, e);
	return before;
}
