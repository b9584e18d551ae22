/*
 * Tells the moment of a recorded move: what a program's own clock said when it
 * was asked last. It is never asked more often than without this, since a clock
 * may count that or go on by it. The system's clock is left out: its moments
 * are others on every run.
 */
#include <stddef.h>
#include <stdlib.h>

#include "../lessons/10-timer/timer.h"
#include "record.h"

struct timer *__real_timer_open(struct dispatcher *D,
				const struct timer_clock *clock);
void __real_timer_close(struct timer *T);

struct timer *__wrap_timer_open(struct dispatcher *D,
				const struct timer_clock *clock);
void __wrap_timer_close(struct timer *T);

/* The clock between a program's and its timers; one in a thread. */
static _Thread_local struct {
	struct timer_clock clock;
	struct timer *T;
	long long moment;
} watched = { { NULL, NULL, NULL }, NULL, -1 };

static long long now(void *ud)
{
	watched.moment = watched.clock.now(ud);
	return watched.moment;
}

struct timer *__wrap_timer_open(struct dispatcher *D,
				const struct timer_clock *clock)
{
	struct timer_clock between;

	if (clock == NULL || clock->now == NULL || watched.T != NULL ||
	    getenv("DISPATCHER_MOVES") == NULL)
		return __real_timer_open(D, clock);
	between = watched.clock = *clock;
	between.now = now;
	watched.T = __real_timer_open(D, &between);
	return watched.T;
}

void __wrap_timer_close(struct timer *T)
{
	if (T != NULL && T == watched.T) {
		watched.T = NULL;
		watched.moment = -1;
	}
	__real_timer_close(T);
}

long long record_moment(void)
{
	return watched.moment;
}
