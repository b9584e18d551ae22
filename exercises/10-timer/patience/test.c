#define _POSIX_C_SOURCE 200112L

#include <errno.h>

#include "check.h"
#include "patience.h"

/* Dispatcher and timers as they are; each of them has a refuse() of its own. */
#define refuse cond_refuse
#include "../../../lessons/07-cond/cond.c"
#undef refuse
#include "../../../lessons/09-ready-queue/dispatcher.c"
#include "../../../lessons/09-ready-queue/waiter.c"
#include "../../../lessons/10-timer/heap.c"
#include "../../../lessons/10-timer/timer.c"

/* At a second *state becomes what is said here, and the cond is signalled. */
struct change {
	int second, state;
};

static struct dispatcher *D;
static struct timer *T;
static struct cond changed;
static long long clock_now;
static int state;

/* What the asker does, and what came of it. */
static struct {
	int starts, duration; /* seconds */
	long long deadline;
	int returned, result, error;
	long long second, deadline_after;
} asker;

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

static void *ask(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, asker.starts * TIMER_SECOND);
	timer_deadline(T, asker.deadline);
	asker.result =
		patience(T, &changed, &state, asker.duration * TIMER_SECOND);
	asker.error = errno;
	asker.second = timer_now(T) / TIMER_SECOND;
	asker.deadline_after = timer_deadline(T, TIMER_NEVER);
	asker.returned = 1;
	return ud;
}

static void *make_changes(struct dispatcher *d, void *ud)
{
	const struct change *change = ud;

	(void)d;
	for (; change->second != 0; change++) {
		timer_sleep_until(T, change->second * TIMER_SECOND);
		state = change->state;
		cond_signal(&changed);
	}
	return NULL;
}

/* Lets all run. The list of changes ends with a zero. */
static void run(struct change changes[], int duration)
{
	static const struct coroutine_options few = { .slots = 8 };
	static const struct timer_clock clock = { fake_now, fake_sleep, NULL };

	D = dispatcher_open(&few);
	T = timer_open(D, &clock);
	if (T == NULL)
		check_fail("no timers could be opened");
	cond_init(&changed, dispatcher_parking(D), "the state");
	if (asker.deadline == 0)
		asker.deadline = TIMER_NEVER;
	asker.duration = duration;
	dispatcher_spawn(D, "changes", make_changes, changes);
	dispatcher_spawn(D, "asker", ask, NULL);
	dispatcher_run(D);
	check_true("patience returns", asker.returned);
	timer_close(T);
	dispatcher_close(D);
}

static void is_there(int second)
{
	check_int("the second at which it returned", asker.second, second);
	check_int("what it returned", asker.result, 0);
}

static void is_timed_out(int second)
{
	check_int("the second at which it returned", asker.second, second);
	check_int("what it returned", asker.result, -1);
	check_true("errno is ETIMEDOUT", asker.error == ETIMEDOUT);
}

static void waits_for_it(void)
{
	run((struct change[]){ { 3, 1 }, { 0, 0 } }, 10);
	is_there(3);
}

static void needs_no_wait(void)
{
	state = 1;
	run((struct change[]){ { 0, 0 } }, 5);
	is_there(0);
}

static void signal_alone(void)
{
	run((struct change[]){ { 2, 0 }, { 4, 1 }, { 0, 0 } }, 10);
	is_there(4);
}

static void time_out(void)
{
	run((struct change[]){ { 0, 0 } }, 5);
	is_timed_out(5);
}

static void from_the_call(void)
{
	asker.starts = 4;
	run((struct change[]){ { 0, 0 } }, 5);
	is_timed_out(9);
}

static void signals_do_not_lengthen(void)
{
	run(
		(struct change[]){
			{ 2, 0 }, { 4, 0 }, { 6, 0 }, { 8, 0 }, { 0, 0 } },
		5);
	is_timed_out(5);
}

static void both_at_once(void)
{
	run((struct change[]){ { 5, 1 }, { 0, 0 } }, 5);
	is_there(5);
}

static void put_back(int duration)
{
	asker.deadline = 20 * TIMER_SECOND;
	run((struct change[]){ { 3, 1 }, { 0, 0 } }, duration);
	if (asker.deadline_after == TIMER_NEVER)
		check_fail("the caller's deadline is lost: it has none now");
	check_int("the caller's deadline, in seconds",
		  asker.deadline_after / TIMER_SECOND, 20);
}

static void put_back_after_time_out(void)
{
	put_back(2);
}

static void put_back_after_success(void)
{
	put_back(5);
}

static void less_time(void)
{
	asker.deadline = 3 * TIMER_SECOND;
	run((struct change[]){ { 0, 0 } }, 5);
	is_timed_out(3);
}

int main(void)
{
	static const struct check tests[] = {
		{ "it waits until the state is there", waits_for_it,
		  "wait in the line of the cond: a signal comes then" },
		{ "what is there already needs no wait", needs_no_wait,
		  "look at *state before the first wait" },
		{ "a signal alone does not end it", signal_alone,
		  "after each signal look at *state again" },
		{ "when the time is out it returns ETIMEDOUT", time_out,
		  "set a deadline; and what does cond_wait return then?" },
		{ "the time counts from the call", from_the_call,
		  "a deadline is a moment: timer_now(T) and the duration" },
		{ "signals do not lengthen the wait", signals_do_not_lengthen,
		  "one deadline for all the waits of the loop" },
		{ "a state that comes with the time-out counts", both_at_once,
		  "before you return -1, look at *state once more" },
		{ "after success the caller's deadline is as before",
		  put_back_after_success,
		  "timer_deadline returns what was set before" },
		{ "after a time-out the caller's deadline is as before",
		  put_back_after_time_out,
		  "is there a way out that does not put it back?" },
		{ "a caller who has less time gets no more", less_time,
		  "the earlier one of the two deadlines counts" },
	};

	return check_exercise("patience", tests, sizeof tests / sizeof *tests);
}
