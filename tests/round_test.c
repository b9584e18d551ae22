/* How often the dispatcher of lesson 09 switches, where each coroutine has a stack
 * of its own: once for each that begins to run, and not at all for who goes on.
 *
 * Linked with swapcontext wrapped. Nothing is copied here: a wrapper's frame would
 * lie deeper than what coroutine.c reckons with. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"

#include "../lessons/07-cond/cond.h"
#include "../lessons/07-cond/semaphore.h"
#include "../lessons/11-epoll-dispatcher/loop.h"

#include <ucontext.h>
#include <unistd.h>

enum { MANY = 8, TURNS = 50 };

static struct {
	struct loop *L;
	struct dispatcher *D;
	struct cond cond, other;
	struct semaphore semaphore, answer;
	int numbers[MANY];
	int done;
	long long now;
	int fd[2];
} it;

int __real_swapcontext(ucontext_t *from, const ucontext_t *to);
int __wrap_swapcontext(ucontext_t *from, const ucontext_t *to);

static long switches;

int __wrap_swapcontext(ucontext_t *from, const ucontext_t *to)
{
	switches++;
	return __real_swapcontext(from, to);
}

static long long now(void *ud)
{
	(void)ud;
	return it.now;
}

static int pass(void *ud, long long until)
{
	(void)ud;
	it.now = until;
	return 0;
}

static void begin_by(const struct timer_clock *clock)
{
	struct loop_options options = { .coroutines = MANY,
					.stack_size = STACK,
					.clock = clock };

	if (SANITIZED == 2)
		skip(); /* TSan counts calls and returns by fiber; a wrapper
		           is entered on one and left on another */
	memset(&it, 0, sizeof(it));
	memory.blocks = 0;
	it.L = loop_open(&options);
	assert_non_null(it.L);
	it.D = it.L->D;
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	cond_init(&it.other, dispatcher_parking(it.D), "more news");
	semaphore_init(&it.semaphore, dispatcher_parking(it.D), "a unit", 0);
	semaphore_init(&it.answer, dispatcher_parking(it.D), "an answer", 0);
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
	switches = 0;
}

static void begin(void)
{
	begin_by(NULL);
}

static void finish(void)
{
	assert_int_equal(loop_close(it.L), 0);
	assert_int_equal(memory.blocks, 0);
}

static void start(int number, loop_func func)
{
	assert_true(loop_start(it.L, "x", func, &it.numbers[number]) >= 0);
}

static void run_all(int count)
{
	assert_int_equal(loop_run(it.L), 0);
	assert_int_equal(it.done, count);
}

/* Each that began to run cost one switch. */
static void one_for_each(int turns)
{
	assert_int_equal(waiter_turns(it.D), turns);
	assert_int_equal(switches, turns);
}

static void take_turns(struct loop *L, void *ud)
{
	(void)ud;
	for (int i = 0; i < TURNS; i++)
		assert_int_equal(dispatcher_yield(L->D), 0);
	it.done++;
}

static void turns_by_yield(void **state)
{
	(void)state;
	for (int count = 2; count <= MANY; count++) {
		begin();
		for (int i = 0; i < count; i++)
			start(i, take_turns);
		run_all(count);
		one_for_each(count * (TURNS + 1));
		finish();
	}
}

static void ping_pong(struct loop *L, void *ud)
{
	int me = *(int *)ud;

	(void)L;
	for (int i = 0; i < TURNS; i++) {
		cond_signal(me ? &it.cond : &it.other);
		assert_int_equal(cond_wait(me ? &it.other : &it.cond), 0);
	}
	cond_signal(me ? &it.cond : &it.other);
	it.done++;
}

static void turns_by_cond(void **state)
{
	(void)state;
	begin();
	start(0, ping_pong);
	start(1, ping_pong);
	run_all(2);
	one_for_each(2 * (TURNS + 1));
	finish();
}

static void ask_and_answer(struct loop *L, void *ud)
{
	int me = *(int *)ud;

	(void)L;
	for (int i = 0; i < TURNS; i++) {
		if (me == 0)
			assert_int_equal(semaphore_post(&it.semaphore), 0);
		assert_int_equal(
			semaphore_wait(me ? &it.semaphore : &it.answer), 0);
		if (me == 1)
			assert_int_equal(semaphore_post(&it.answer), 0);
	}
	it.done++;
}

static void turns_by_semaphore(void **state)
{
	(void)state;
	begin();
	start(0, ask_and_answer);
	start(1, ask_and_answer);
	run_all(2);
	assert_int_equal(switches, waiter_turns(it.D));
	assert_in_range(switches, 2 * TURNS, 2 * TURNS + 2);
	finish();
}

static void wait_for_news(struct loop *L, void *ud)
{
	(void)L;
	(void)ud;
	assert_int_equal(cond_wait(&it.cond), 0);
	it.done++;
}

/* Nobody else is ready: who steps aside stays where it is. */
static void turn_alone(struct loop *L, void *ud)
{
	long before;
	unsigned turns;

	assert_int_equal(dispatcher_yield(L->D), 0); /* the others park */
	before = switches;
	turns = waiter_turns(L->D);
	for (int i = 0; i < TURNS; i++)
		assert_int_equal(dispatcher_yield(L->D), 0);
	assert_int_equal(switches, before);
	assert_int_equal(waiter_turns(L->D) - turns, TURNS);
	cond_broadcast(&it.cond);
	(void)ud;
	it.done++;
}

static void alone(void **state)
{
	(void)state;
	for (int others = 0; others < 3; others++) {
		begin();
		start(0, turn_alone);
		for (int i = 0; i < others; i++)
			start(1 + i, wait_for_news);
		run_all(1 + others);
		/* each starts and is woken; the first one comes once more */
		assert_int_equal(switches, others ? 2 + 2 * others : 1);
		finish();
	}
}

static void sleep_alone(struct loop *L, void *ud)
{
	long before = switches;

	(void)ud;
	for (int i = 0; i < TURNS; i++)
		assert_int_equal(timer_sleep(L->T, TIMER_MS / 10), 0);
	assert_int_equal(switches, before);
	it.done++;
}

static void asleep_alone(void **state)
{
	(void)state;
	begin();
	start(0, sleep_alone);
	run_all(1);
	assert_int_equal(switches, 1);
	finish();
}

/* It waits, since it has met EAGAIN; the poller brings the bytes, and it goes on. */
static void read_alone(struct loop *L, void *ud)
{
	long before = switches;
	unsigned turns = waiter_turns(L->D);
	char byte;

	(void)ud;
	for (int i = 0; i < TURNS; i++) {
		REFUSED(EAGAIN, socket_try_read(L->N, it.fd[0], &byte, 1));
		assert_int_equal(write(it.fd[1], "x", 1), 1);
		assert_int_equal(socket_read(L->N, it.fd[0], &byte, 1), 1);
	}
	assert_int_equal(switches, before);
	assert_true(waiter_turns(L->D) - turns >= TURNS); /* it has waited */
	it.done++;
}

static void reads_alone(void **state)
{
	(void)state;
	begin();
	assert_int_equal(pipe(it.fd), 0);
	assert_int_equal(socket_adopt(it.L->N, it.fd[0]), 0);
	start(0, read_alone);
	run_all(1);
	assert_int_equal(switches, 1);
	close(it.fd[1]);
	finish();
}

/* A round that somebody asks for comes back to it: one switch more. */
static void rounds(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < MANY; i++)
		start(i, take_turns);
	for (int i = 1; i <= TURNS; i++) {
		switches = 0;
		assert_int_equal(dispatcher_round(it.D, i % 2), MANY);
		assert_int_equal(waiter_turns(it.D), i * MANY);
		assert_int_equal(switches, MANY + 1);
	}
	switches = 0;
	assert_int_equal(dispatcher_round(it.D, 1), 0);
	assert_int_equal(switches, MANY);
	finish();
}

/* So does a run that is stopped. */
static void stop_now(struct loop *L, void *ud)
{
	(void)ud;
	assert_int_equal(dispatcher_stop(L->D), 0);
	assert_int_equal(dispatcher_yield(L->D), 0);
	it.done++;
}

static void stopped(void **state)
{
	(void)state;
	begin();
	start(0, take_turns);
	start(1, stop_now);
	assert_int_equal(dispatcher_run(it.D), 2);
	assert_int_equal(switches, 3);
	run_all(2);
	finish();
}

static void sleep_by_numbers(struct loop *L, void *ud)
{
	(void)ud;
	for (int i = 0; i < TURNS; i++)
		assert_int_equal(timer_sleep(L->T, TIMER_SECOND), 0);
	it.done++;
}

/* Several sleepers, who are due together: one for each. */
static void sleepers(void **state)
{
	static const struct timer_clock clock = { now, pass, NULL };

	(void)state;
	begin_by(&clock);
	timer_sleeper(it.L->T, NULL, NULL); /* the clock sleeps, no poller */
	for (int i = 0; i < 3; i++)
		start(i, sleep_by_numbers);
	run_all(3);
	one_for_each(3 * (TURNS + 1));
	assert_true(it.now == TURNS * TIMER_SECOND);
	finish();
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(turns_by_yield),
		ONCE_TEST(turns_by_cond),
		ONCE_TEST(turns_by_semaphore),
		ONCE_TEST(alone),
		ONCE_TEST(asleep_alone),
		ONCE_TEST(reads_alone),
		ONCE_TEST(rounds),
		ONCE_TEST(stopped),
		ONCE_TEST(sleepers),
	};

	return run_entries("round", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
