/*
 * What the programs of this lesson have in common: a clock that is a number,
 * and a dispatcher with timers that go by it.
 */
#ifndef COROUTINE_FAKE_H
#define COROUTINE_FAKE_H

#include <stdio.h>
#include <stdlib.h>

#include "timer.h"

//! [clock]
static struct {
	long long now;
	long naps; /* how often it slept */
} fake;

static inline long long fake_now(void *ud)
{
	(void)ud;
	return fake.now;
}

static inline int fake_sleep(void *ud, long long until)
{
	(void)ud;
	fake.now = until;
	fake.naps++;
	return 0;
}

static const struct timer_clock fake_clock = { fake_now, fake_sleep, NULL };
//! [clock]

static struct dispatcher *D;
static struct timer *T;

static inline void begin(const struct timer_clock *clock)
{
	D = dispatcher_open(NULL);
	T = timer_open(D, clock);
	if (T == NULL) {
		perror("begin");
		exit(1);
	}
}

/* Nobody joins the coroutines of this lesson. */
static inline int start(const char *name, dispatcher_func func, void *ud)
{
	int id = dispatcher_start(D, name, func, ud);

	if (id == -1) {
		perror("start");
		exit(1);
	}
	return id;
}

static inline int finish(void)
{
	int result = dispatcher_run(D);

	timer_close(T);
	dispatcher_close(D);
	return result == -1;
}

#endif
