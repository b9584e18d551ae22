#define _POSIX_C_SOURCE 200112L

#include <errno.h>
#include <string.h>

#include "check.h"
#include "ticker.h"

/* Dispatcher and timers as they are. */
#include "../../../lessons/09-ready-queue/dispatcher.c"
#include "../../../lessons/09-ready-queue/waiter.c"
#include "../../../lessons/10-timer/heap.c"
#include "../../../lessons/10-timer/timer.c"

enum { PERIOD = 10, TICKS = 8 };

static struct dispatcher *D;
static struct timer *T;
static long long clock_now;

/* Who calls ticker(), and what came of it. All in seconds. */
static struct {
	int starts, times, deadline;
	int work[TICKS]; /* what each tick takes */
	int ticks;
	char log[128]; /* when the ticks came */
	int returned, result, error;
} it;

static long long fake_now(void *ud)
{
	(void)ud;
	return clock_now;
}

static int fake_sleep(void *ud, long long until)
{
	(void)ud;
	clock_now = until;
	return 0;
}

static void tick(void *ud)
{
	size_t end = strlen(it.log);
	int number = it.ticks++;

	check_true("a tick gets what ticker was given for it", ud == &it);
	if (number == TICKS)
		check_fail("there are more than %d ticks", TICKS);
	snprintf(it.log + end, sizeof it.log - end, "%s%lld", end ? " " : "",
		 timer_now(T) / TIMER_SECOND);
	if (it.work[number] > 0)
		timer_sleep(T, it.work[number] * TIMER_SECOND);
}

static void *call(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, it.starts * TIMER_SECOND);
	if (it.deadline > 0)
		timer_deadline(T, it.deadline * TIMER_SECOND);
	it.result = ticker(T, PERIOD * TIMER_SECOND, it.times, tick, &it);
	it.error = errno;
	it.returned = 1;
	return ud;
}

static void run(int times, const char *wanted)
{
	static const struct coroutine_options few = { .slots = 8 };
	static const struct timer_clock clock = { fake_now, fake_sleep, NULL };

	D = dispatcher_open(&few);
	T = timer_open(D, &clock);
	if (T == NULL)
		check_fail("no timers could be opened");
	it.times = times;
	dispatcher_spawn(D, "caller", call, NULL);
	dispatcher_run(D);
	check_str("the seconds of the ticks, at a period of 10", it.log,
		  wanted);
	check_true("ticker returns", it.returned);
	timer_close(T);
	dispatcher_close(D);
}

static void first_tick(void)
{
	run(1, "10");
}

static void all_ticks(void)
{
	run(3, "10 20 30");
	check_int("what it returned", it.result, 0);
}

static void from_the_call(void)
{
	it.starts = 7;
	run(3, "17 27 37");
}

static void no_drift(void)
{
	it.work[0] = it.work[1] = it.work[2] = 3;
	run(3, "10 20 30");
}

static void one_is_missed(void)
{
	it.work[0] = 15;
	run(3, "10 30 40");
}

static void several_are_missed(void)
{
	it.work[0] = 35;
	run(3, "10 50 60");
}

static void due_now(void)
{
	it.work[0] = it.work[1] = 10;
	run(3, "10 20 30");
}

static void a_deadline(void)
{
	it.deadline = 25;
	run(4, "10 20");
	check_int("what it returned", it.result, -1);
	check_true("errno is ETIMEDOUT", it.error == ETIMEDOUT);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the first tick comes after one period", first_tick,
		  "sleep first, then tick" },
		{ "there are as many ticks as asked for", all_ticks,
		  "each moment is one period after the one before it" },
		{ "the moments count from the call", from_the_call,
		  "begin with timer_now(T), not with 0" },
		{ "a tick that takes time does not push the next one", no_drift,
		  "sleep up to a moment, not for a duration" },
		{ "a moment that was missed is left out", one_is_missed,
		  "is the next moment before timer_now(T)? take a later one" },
		{ "several missed moments are left out", several_are_missed,
		  "more than one period may have passed" },
		{ "a moment that is now is not missed", due_now,
		  "only what is before now has passed" },
		{ "a deadline ends it", a_deadline,
		  "what does timer_sleep_until return then?" },
	};

	return check_exercise("ticker", tests, sizeof tests / sizeof *tests);
}
