/* WRONG ON PURPOSE: it sleeps by the clock on the wall, which is set back. */
#include "fake.h"

static long long wall = 5000 * TIMER_SECOND; /* ahead of the stopwatch */

//! [clocks]
static long long now(void *ud)
{
	(void)ud;
#ifdef MENDED
	return fake.now; /* like CLOCK_MONOTONIC: nobody can set it */
#else
	return fake.now + wall; /* like gettimeofday() */
#endif
}
//! [clocks]

static int nap(void *ud, long long until)
{
	fake.now += until - now(ud);
	return 0;
}

static void *sleeper(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, 10 * TIMER_SECOND);
	return ud;
}

static void *operator(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, 5 * TIMER_SECOND);
	wall -= 3600 * TIMER_SECOND; /* the clock was an hour fast */
	return ud;
}

int main(void)
{
	static const struct timer_clock clock = { now, nap, NULL };

	begin(&clock);
	start("sleeper", sleeper, NULL);
	start("operator", operator, NULL);
	if (finish())
		return 1;
	printf("asked for 10 s; by the stopwatch: %lld s\n",
	       fake.now / TIMER_SECOND);
	return fake.now != 10 * TIMER_SECOND;
}
