/* The promises of lesson 09 to those who build on it: the record of a coroutine
 * and its parts, the source of news; and whatever ends waits from outside: stop,
 * shield, an interrupt of all. What the ready queue itself promises is in
 * dispatcher_test.c, how often it switches in round_test.c.
 *
 * Linked with the allocations wrapped, see starve.h. */
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
#include "../lessons/09-ready-queue/waiter.h"

#include <limits.h>
#include <unistd.h>

enum { MANY = 32, SLOTS = 8, STEPS = 40000 };

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct dispatcher *D;
	struct cond cond;
	struct semaphore semaphore;
	char log[8192];
	int numbers[MANY];
	int ids[MANY];
	int done;
	int asked;
	int fails; /* the source, when it is asked for this time */
	int parts[WAITER_PARTS];
	int told[WAITER_PARTS]; /* how often `ended` was called */
	struct waiter *waiter;
	void *part;
	int generator;
} it;

static void note(const char *format, ...)
{
	size_t length = strlen(it.log);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(it.log + length, sizeof(it.log) - length, format, arguments);
	va_end(arguments);
}

static void noted(const char *words)
{
	assert_string_equal(it.log, words);
	it.log[0] = '\0';
}

static void begin(void **state, int slots)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { slots, STACK, setting->stacks };

	if (options.stacks == 0 || options.stacks > slots)
		options.stacks = slots;
	memset(&it, 0, sizeof(it));
	starve(0, 0);
	memory.blocks = 0; /* whatever a failed test has left */
	it.D = dispatcher_open(&options);
	assert_non_null(it.D);
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	semaphore_init(&it.semaphore, dispatcher_parking(it.D), "a unit", 0);
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
}

static void finish(void)
{
	assert_int_equal(dispatcher_close(it.D), 0);
	assert_int_equal(memory.blocks, 0);
}

static int spawn(int number, dispatcher_func func)
{
	it.ids[number] = dispatcher_spawn(it.D, "x", func, &it.numbers[number]);
	assert_true(it.ids[number] >= 0);
	return it.ids[number];
}

static void start(int number, dispatcher_func func)
{
	it.ids[number] = dispatcher_start(it.D, "x", func, &it.numbers[number]);
	assert_true(it.ids[number] >= 0);
}

static void run_all(int count)
{
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, count);
}

static int run_round(int wait)
{
	return dispatcher_round(it.D, wait);
}

static void *end(struct dispatcher *D, void *ud)
{
	(void)D;
	it.done++;
	return ud;
}

static const char *word(int result)
{
	return result == 0          ? "well"
	       : errno == ECANCELED ? "canceled"
	       : errno == ETIMEDOUT ? "timed out"
	       : errno == EIO       ? "broken"
				    : strerror(errno);
}

static void *wait_once(struct dispatcher *D, void *ud)
{
	int result = cond_wait(&it.cond);

	note("%d %s ", *(int *)ud, word(result));
	return end(D, ud);
}

static void *three_turns(struct dispatcher *D, void *ud)
{
	for (int turn = 0; turn < 3; turn++) {
		note("%d ", *(int *)ud);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(D, ud);
}

/* ---- The waiter ------------------------------------------------------------- */

static void refusals(void **state)
{
	begin(state, 4);
	REFUSED_NULL(EINVAL, waiter_self(NULL));
	REFUSED_NULL(EINVAL, waiter_of(NULL, 0));
	REFUSED(EINVAL, waiter_park(NULL, DISPATCHER_ON_COND, "x"));
	REFUSED(EINVAL, waiter_slots(NULL));
	REFUSED(EINVAL, dispatcher_source(NULL, NULL, NULL));
	REFUSED(EINVAL, dispatcher_stop(NULL));
	REFUSED(EINVAL, dispatcher_ready(NULL));
	REFUSED(EINVAL, dispatcher_start(NULL, "x", end, NULL));
	REFUSED(EINVAL, dispatcher_start(it.D, "x", NULL, NULL));
	REFUSED(EINVAL, dispatcher_shield(NULL));
	REFUSED(EINVAL, dispatcher_unshield(NULL));
	REFUSED(EINVAL, dispatcher_interrupt_all(NULL, EIO));
	REFUSED_NULL(EPERM, waiter_self(it.D));
	REFUSED(EPERM, dispatcher_shield(it.D));
	REFUSED(EPERM, dispatcher_unshield(it.D));
	REFUSED_NULL(ESRCH, waiter_of(it.D, 0));
	assert_int_equal(waiter_turns(NULL), 0);
	assert_int_equal(waiter_inside(NULL), 0);
	assert_int_equal(waiter_inside(it.D), 0);
	assert_int_equal(waiter_slots(it.D), 4);
	finish();
}

static void *is_myself(struct dispatcher *D, void *ud)
{
	struct waiter *me = waiter_self(D);

	assert_non_null(me);
	assert_null(me->cond);
	assert_ptr_equal(me, waiter_of(D, dispatcher_self(D)));
	assert_int_equal(waiter_inside(D), 1);
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_ON_COND, NULL));
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_RUNNING, "x"));
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_ENDED, "x"));
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_GONE, "x"));
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_INTERRUPTED, "x"));
	REFUSED(EINVAL, waiter_park(me, -1, "x"));
	REFUSED(EINVAL, waiter_park(me, DISPATCHER_STATES, "x"));
	REFUSED(EPERM,
		waiter_park(waiter_of(D, it.ids[1]), DISPATCHER_ON_COND, "x"));
	assert_int_equal(waiter_wake(me, 0), 0);
	assert_int_equal(waiter_park(me, DISPATCHER_READY, "x"), 0);
	note("%d ", *(int *)ud);
	return end(D, ud);
}

static void the_waiter(void **state)
{
	struct waiter *w;
	unsigned turns;

	begin(state, 4);
	spawn(0, is_myself);
	spawn(1, three_turns);
	w = waiter_of(it.D, it.ids[0]);
	assert_non_null(w);
	REFUSED(EPERM, waiter_park(w, DISPATCHER_ON_COND, "x"));
	assert_int_equal(waiter_wake(w, 0), 0);
	turns = waiter_turns(it.D);
	run_all(2);
	noted("1 0 1 1 ");
	assert_int_equal(waiter_turns(it.D) - turns, 6);
	REFUSED_NULL(ESRCH, waiter_of(it.D, it.ids[0])); /* it has ended */
	assert_int_equal(dispatcher_join(it.D, it.ids[0], NULL), 0);
	REFUSED_NULL(ESRCH, waiter_of(it.D, it.ids[0]));
	finish();
}

/* ---- Parts of a record -------------------------------------------------------- */

struct part {
	int number; /* which of the parts; -1: it must not be told */
	char bytes[60];
};

static void count_end(void *ud, void *part)
{
	int number = *(int *)ud;

	assert_non_null(part);
	it.told[number]++;
}

static void limits(void **state)
{
	begin(state, 3);
	REFUSED(EINVAL, waiter_reserve(NULL, 1, NULL, NULL));
	REFUSED(EINVAL, waiter_reserve(it.D, 0, NULL, NULL));
	REFUSED(EINVAL, waiter_reserve(it.D, SIZE_MAX, NULL, NULL));
	REFUSED(ENOMEM, waiter_reserve(it.D, SIZE_MAX / 2, NULL, NULL));
	for (int i = 0; i < WAITER_PARTS; i++) {
		starve(1, 1);
		REFUSED(ENOMEM,
			waiter_reserve(it.D, (size_t)i + 1, NULL, NULL));
		starve(0, 0);
		it.parts[i] = waiter_reserve(it.D, (size_t)i + 1, NULL, NULL);
		assert_true(it.parts[i] >= 0);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(it.parts[i], it.parts[j]);
	}
	REFUSED(ENOSPC, waiter_reserve(it.D, 1, NULL, NULL));
	waiter_release(it.D, it.parts[3]);
	REFUSED(ENOMEM, waiter_reserve(it.D, SIZE_MAX / 2, NULL, NULL));
	assert_int_equal(waiter_reserve(it.D, 4, NULL, NULL), it.parts[3]);
	REFUSED(ENOSPC, waiter_reserve(it.D, 4, NULL, NULL));
	/* one of another size is had as well, as long as nobody was spawned */
	waiter_release(it.D, it.parts[5]);
	it.parts[5] = waiter_reserve(it.D, 500, NULL, NULL);
	assert_true(it.parts[5] >= 0);
	REFUSED(ENOSPC, waiter_reserve(it.D, 6, NULL, NULL));
	finish();
}

static void too_late(void **state)
{
	int part;

	begin(state, 3);
	part = waiter_reserve(it.D, 24, NULL, NULL);
	start(0, end);
	REFUSED(EBUSY, waiter_reserve(it.D, 24, NULL, NULL));
	run_all(1);
	REFUSED(EBUSY, waiter_reserve(it.D, 24, NULL, NULL)); /* for good */
	waiter_release(it.D, part);
	REFUSED(EBUSY, waiter_reserve(it.D, 23, NULL, NULL));
	REFUSED(EBUSY, waiter_reserve(it.D, 25, NULL, NULL));
	assert_int_equal(waiter_reserve(it.D, 24, NULL, NULL), part);
	REFUSED(EBUSY, waiter_reserve(it.D, 24, NULL, NULL));
	finish();
}

static size_t size_of_part(int i)
{
	return (size_t)(i * i * 7 + 1);
}

/* Each part is at its place, zero at first, and nobody else writes there. */
static void *use_parts(struct dispatcher *D, void *ud)
{
	struct waiter *me = waiter_self(D);
	unsigned char *at[WAITER_PARTS];
	int mark = 1 + *(int *)ud * WAITER_PARTS;

	for (int i = 0; i < WAITER_PARTS; i++) {
		at[i] = waiter_part(me, it.parts[i]);
		assert_int_equal((uintptr_t)at[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < size_of_part(i); j++)
			assert_int_equal(at[i][j], 0);
		memset(at[i], mark + i, size_of_part(i));
	}
	assert_int_equal(dispatcher_yield(D), 0);
	for (int i = 0; i < WAITER_PARTS; i++) {
		assert_ptr_equal(at[i], waiter_part(me, it.parts[i]));
		for (size_t j = 0; j < size_of_part(i); j++)
			assert_int_equal(at[i][j], mark + i);
	}
	assert_ptr_equal(me, waiter_self(D));
	return end(D, ud);
}

static void parts_of_all(void **state)
{
	begin(state, SLOTS);
	for (int i = 0; i < WAITER_PARTS; i++)
		it.parts[i] = waiter_reserve(it.D, size_of_part(i), count_end,
					     &it.numbers[i]);
	for (int life = 0; life < 4; life++) { /* slots are used again */
		for (int i = 0; i < SLOTS; i++)
			start(i, use_parts);
		run_all((life + 1) * SLOTS);
	}
	for (int i = 0; i < WAITER_PARTS; i++)
		assert_int_equal(it.told[i], 4 * SLOTS);
	finish();
	for (int i = 0; i < WAITER_PARTS; i++)
		assert_int_equal(it.told[i], 4 * SLOTS);
}

static void *keep_part(struct dispatcher *D, void *ud)
{
	it.part = waiter_part(waiter_self(D), it.parts[0]);
	memset(it.part, 7, sizeof(struct part));
	return wait_once(D, ud);
}

static void release_zeroes(void **state)
{
	begin(state, 2);
	it.parts[0] = waiter_reserve(it.D, sizeof(struct part), NULL, NULL);
	start(0, keep_part);
	assert_int_equal(run_round(0), 1);
	waiter_release(it.D, it.parts[0]);
	assert_int_equal(waiter_reserve(it.D, sizeof(struct part), count_end,
					&it.numbers[0]),
			 it.parts[0]);
	for (size_t i = 0; i < sizeof(struct part); i++)
		assert_int_equal(((char *)it.part)[i], 0);
	assert_int_equal(it.told[0], 0); /* it was none of its */
	cond_signal(&it.cond);
	run_all(1);
	assert_int_equal(it.told[0], 1);
	finish();
}

static void *join_it(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_join(D, it.ids[0], NULL), 0);
	return end(D, ud);
}

/* Whatever way a coroutine ends, it is told once, and when it has ended. */
static void told_once(void **state)
{
	begin(state, 4);
	it.parts[0] = waiter_reserve(it.D, 1, count_end, &it.numbers[0]);
	start(0, end); /* detached */
	run_all(1);
	assert_int_equal(it.told[0], 1);
	spawn(0, end); /* joined afterwards */
	run_all(2);
	assert_int_equal(it.told[0], 2);
	assert_int_equal(dispatcher_join(it.D, it.ids[0], NULL), 0);
	spawn(0, end); /* detached afterwards */
	run_all(3);
	assert_int_equal(dispatcher_detach(it.D, it.ids[0]), 0);
	assert_int_equal(it.told[0], 3);
	spawn(0, three_turns); /* joined by one who waits */
	start(1, join_it);
	run_all(5);
	assert_int_equal(it.told[0], 5);
	spawn(0, end); /* ended, and nobody joins it */
	run_all(6);
	assert_int_equal(it.told[0], 6);
	start(1, wait_once); /* given up: parked, interrupted, ready, new */
	start(2, wait_once);
	assert_int_equal(run_round(0), 2);
	dispatcher_wake(it.D, it.ids[2], EIO);
	start(3, end);
	assert_int_equal(it.told[0], 6);
	finish();
	assert_int_equal(it.told[0], 9);
}

static void *release_it(struct dispatcher *D, void *ud)
{
	waiter_release(D, it.parts[0]);
	note("released ");
	return end(D, ud);
}

static void told_at_release(void **state)
{
	begin(state, 4);
	it.parts[0] = waiter_reserve(it.D, 1, count_end, &it.numbers[0]);
	it.parts[1] = waiter_reserve(it.D, 1, count_end, &it.numbers[1]);
	spawn(0, end);
	run_all(1);
	start(1, wait_once);
	start(2, release_it); /* one of those who live */
	start(3, three_turns);
	assert_int_equal(run_round(0), 2);
	assert_int_equal(it.told[0], 1 + 3);
	assert_int_equal(it.told[1], 1 + 1);
	cond_signal(&it.cond);
	run_all(4);
	assert_int_equal(it.told[0], 4);
	finish();
	assert_int_equal(it.told[0], 4);
	assert_int_equal(it.told[1], 4);
}

/* Who is told of the end may take the result, or drop it. */
static void take_the_result(void *ud, void *part)
{
	void *result;

	(void)part;
	it.told[0]++;
	if (dispatcher_status(it.D, it.ids[0]) == DISPATCHER_ENDED) {
		assert_int_equal(dispatcher_join(it.D, it.ids[0], &result), 0);
		assert_ptr_equal(result, &it.numbers[0]);
		note("%s ", (char *)ud);
	}
	REFUSED(ESRCH, dispatcher_join(it.D, it.ids[0], NULL));
	REFUSED(ESRCH, dispatcher_detach(it.D, it.ids[0]));
}

static void joined_when_told(void **state)
{
	begin(state, 3);
	it.parts[0] = waiter_reserve(it.D, 1, take_the_result, "taken");
	for (int i = 0; i < 4; i++) {
		spawn(0, end);
		run_all(2 * i + 1);
		start(0, end);
		run_all(2 * i + 2);
	}
	noted("taken taken taken taken ");
	assert_int_equal(it.told[0], 8);
	waiter_release(it.D, it.parts[0]);
	for (int i = 0; i < 3; i++) { /* no slot is given out twice */
		start(i, three_turns);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(it.ids[i], it.ids[j]);
	}
	REFUSED(EAGAIN, dispatcher_start(it.D, "x", end, NULL));
	run_all(11);
	finish();
}

static int reserve_or_be_told(void **state)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { 4, STACK, setting->stacks % 4 };
	struct dispatcher *D = dispatcher_open(&options);
	int count = 0;

	for (int i = 0; D != NULL && i < 3; i++) {
		errno = 0;
		if (waiter_reserve(D, 40, count_end, &it.numbers[0]) != -1)
			count++;
		else
			assert_int_equal(errno, ENOMEM);
	}
	assert_int_equal(dispatcher_close(D), 0);
	return D != NULL && count == 3;
}

static void allocations_fail(void **state)
{
	each_allocation_fails(reserve_or_be_told, state);
}

/* ---- Start, ready, stop --------------------------------------------------------- */

static void started(void **state)
{
	begin(state, 2);
	for (int life = 0; life < 5; life++) {
		start(0, three_turns);
		start(1, three_turns);
		REFUSED(EAGAIN, dispatcher_start(it.D, "x", end, NULL));
		REFUSED(ESRCH, dispatcher_join(it.D, it.ids[0], NULL));
		REFUSED(ESRCH, dispatcher_detach(it.D, it.ids[1]));
		assert_string_equal(dispatcher_name(it.D, it.ids[0]), "x");
		run_all(2 * life + 2);
		noted("0 1 0 1 0 1 ");
	}
	spawn(0, end); /* ended, its slot is taken */
	spawn(1, end);
	run_all(12);
	REFUSED(EAGAIN, dispatcher_start(it.D, "x", end, NULL));
	finish();
}

static void *start_another(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	if (me < 5)
		start(me + 1, start_another);
	REFUSED(EAGAIN, dispatcher_start(D, "x", end, NULL));
	note("%d ", me);
	return end(D, ud);
}

static void started_from_inside(void **state)
{
	begin(state, 2);
	start(0, start_another);
	assert_int_equal(dispatcher_start(it.D, NULL, end, NULL) >= 0, 1);
	finish();
	begin(state, 1);
	start(0, three_turns);
	REFUSED(EAGAIN, dispatcher_start(it.D, "x", end, NULL));
	run_all(1);
	finish();
}

static void *who_is_ready(struct dispatcher *D, void *ud)
{
	note("%d:%d ", *(int *)ud, dispatcher_ready(D));
	return end(D, ud);
}

static void ready(void **state)
{
	begin(state, 4);
	assert_int_equal(dispatcher_ready(it.D), 0);
	start(0, wait_once);
	assert_int_equal(dispatcher_ready(it.D), 1);
	start(1, who_is_ready);
	start(2, who_is_ready);
	start(3, wait_once);
	assert_int_equal(dispatcher_ready(it.D), 4);
	assert_int_equal(run_round(0), 2);
	noted("1:2 2:1 ");
	assert_int_equal(dispatcher_ready(it.D), 0);
	cond_signal(&it.cond);
	assert_int_equal(dispatcher_ready(it.D), 1);
	dispatcher_wake(it.D, it.ids[3], EIO); /* INTERRUPTED counts, too */
	assert_int_equal(dispatcher_ready(it.D), 2);
	run_all(4);
	assert_int_equal(dispatcher_ready(it.D), 0);
	finish();
}

static void *stop_in_third_turn(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(dispatcher_stop(D), 0);
	note("stop ");
	assert_int_equal(dispatcher_yield(D), 0);
	return end(D, ud);
}

/* The round is ended: the others have had their turn. */
static void stopped_from_inside(void **state)
{
	begin(state, 4);
	start(0, three_turns);
	start(1, stop_in_third_turn);
	start(2, three_turns);
	start(3, wait_once);
	assert_int_equal(dispatcher_run(it.D), 4);
	noted("0 2 0 2 0 stop 2 ");
	cond_signal(&it.cond);
	run_all(4);
	noted("3 well ");
	finish();
}

static void stopped_from_outside(void **state)
{
	begin(state, 4);
	assert_int_equal(dispatcher_stop(it.D), 0);
	assert_int_equal(dispatcher_run(it.D), 0); /* that was the next call */
	start(0, three_turns);
	start(1, three_turns);
	assert_int_equal(dispatcher_stop(it.D), 0);
	assert_int_equal(dispatcher_stop(it.D), 0); /* twice is once */
	assert_int_equal(dispatcher_run(it.D), 2);
	noted("");
	assert_int_equal(run_round(0), 2);
	noted("0 1 ");
	run_all(2);
	noted("0 1 0 1 ");
	finish();
}

static void *stop_alone(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		assert_int_equal(dispatcher_stop(D), 0);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	assert_int_equal(dispatcher_stop(D), 0);
	return end(D, ud);
}

/* Who would go on at once goes back to who called. */
static void stopped_by_the_only_one(void **state)
{
	begin(state, 1);
	start(0, stop_alone);
	for (int i = 0; i < 3; i++)
		assert_int_equal(dispatcher_run(it.D), 1);
	run_all(1);
	start(0, three_turns); /* and the last one did not outlive the run */
	run_all(2);
	finish();
}

static int stopping_news(void *ud, int wait)
{
	(void)ud;
	it.asked++;
	if (it.asked % 3 == 0)
		dispatcher_stop(it.D);
	if (wait && it.asked % 3 != 0)
		cond_signal(&it.cond);
	return 1;
}

static void *wait_and_turn(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		assert_int_equal(cond_wait(&it.cond), 0);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(D, ud);
}

static void stopped_by_the_source(void **state)
{
	int runs = 1, left;

	begin(state, 2);
	dispatcher_source(it.D, stopping_news, &it);
	start(0, wait_and_turn);
	start(1, wait_and_turn);
	while ((left = dispatcher_run(it.D)) > 0)
		assert_int_equal(it.asked, 3 * runs++);
	assert_int_equal(left, 0);
	assert_int_equal(it.done, 2);
	assert_true(runs > 2);
	finish();
}

/* ---- Shields, and an interrupt of all --------------------------------------------- */

static void waits(const char *wanted)
{
	int result = dispatcher_park(it.D, DISPATCHER_ON_TIMER, "x");

	assert_string_equal(word(result), wanted);
}

static void *behind_shields(struct dispatcher *D, void *ud)
{
	int me = dispatcher_self(D);

	REFUSED(EPERM, dispatcher_unshield(D));
	assert_int_equal(dispatcher_shield(D), 0);
	assert_int_equal(dispatcher_shield(D), 0);
	assert_int_equal(dispatcher_interrupt(D, me, EIO), 0);
	waiter_expire(waiter_self(D), ETIMEDOUT);
	dispatcher_interrupt_all(D, ECANCELED);
	assert_int_equal(dispatcher_interrupted(D, me), 0);
	waits("well");
	assert_int_equal(dispatcher_unshield(D), 0);
	assert_int_equal(dispatcher_interrupted(D, me), 0);
	waits("well");
	assert_int_equal(dispatcher_unshield(D), 0);
	REFUSED(EPERM, dispatcher_unshield(D));
	assert_int_equal(dispatcher_interrupted(D, me), EIO);
	waits("broken"); /* its own, then that of all, then its deadline */
	assert_int_equal(dispatcher_interrupt(D, me, 0), 0);
	assert_int_equal(dispatcher_interrupted(D, me), ECANCELED);
	waits("canceled");
	waits("canceled");
	assert_int_equal(dispatcher_interrupt_all(D, 0), 0);
	assert_int_equal(dispatcher_interrupted(D, me), ETIMEDOUT);
	waits("timed out");
	assert_int_equal(dispatcher_yield(D), 0); /* is no wait */
	waiter_expire(waiter_self(D), 0);
	assert_int_equal(dispatcher_interrupted(D, me), 0);
	waits("well");
	return end(D, ud);
}

/* Wakes the only sleeper, and wakes well. */
static int wake_sleeper(void *ud, int wait)
{
	(void)ud;
	if (wait)
		assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	return 1;
}

static void shields(void **state)
{
	begin(state, 2);
	dispatcher_source(it.D, wake_sleeper, &it);
	start(0, behind_shields);
	run_all(1);
	finish();
}

static void *wait_shielded(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_shield(D), 0);
	wait_once(D, ud);
	assert_int_equal(dispatcher_unshield(D), 0);
	assert_int_equal(cond_wait(&it.cond), -1);
	note("then %s ", word(-1));
	return ud;
}

/* What strikes one who sleeps behind a shield waits for its end. A wake is no
 * interrupt. */
static void struck_behind_a_shield(void **state)
{
	begin(state, 3);
	start(0, wait_shielded);
	start(1, wait_shielded);
	start(2, wait_once);
	assert_int_equal(run_round(0), 3);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], EIO), 0);
	assert_int_equal(waiter_expire(waiter_of(it.D, it.ids[1]), ETIMEDOUT),
			 0);
	assert_int_equal(dispatcher_interrupted(it.D, it.ids[0]), 0);
	assert_int_equal(dispatcher_status(it.D, it.ids[1]),
			 DISPATCHER_ON_COND);
	assert_int_equal(run_round(0), 3);
	assert_int_equal(dispatcher_wake(it.D, it.ids[1], EIO), 1);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(dispatcher_interrupt_all(it.D, ECANCELED), 1);
	run_all(3);
	noted("1 broken then canceled 0 well then broken 2 canceled ");
	finish();
}

/* A shield ends with its coroutine; the slot's next one has none. */
static void *shield_and_end(struct dispatcher *D, void *ud)
{
	REFUSED(EPERM, dispatcher_unshield(D));
	assert_int_equal(dispatcher_shield(D), 0);
	dispatcher_interrupt(D, dispatcher_self(D), EIO);
	waiter_expire(waiter_self(D), ETIMEDOUT);
	return end(D, ud);
}

static void nothing_outlives_its_coroutine(void **state)
{
	begin(state, 1);
	for (int i = 0; i < 3; i++) {
		start(0, shield_and_end);
		run_all(2 * i + 1);
		start(0, wait_once);
		assert_int_equal(dispatcher_interrupted(it.D, it.ids[0]), 0);
		assert_int_equal(run_round(0), 1);
		cond_signal(&it.cond);
		run_all(2 * i + 2);
		noted("0 well ");
	}
	finish();
}

static void *interrupt_all(struct dispatcher *D, void *ud)
{
	note("%d struck ", dispatcher_interrupt_all(D, ECANCELED));
	return end(D, ud);
}

static void all_are_interrupted(void **state)
{
	begin(state, 8);
	start(0, wait_once);
	start(1, wait_once);
	start(2, interrupt_all);
	start(3, wait_once); /* is ready; its next wait fails */
	assert_int_equal(run_round(0), 2);
	noted("2 struck 3 canceled ");
	start(4, wait_once); /* of the future */
	assert_int_equal(dispatcher_interrupted(it.D, it.ids[4]), ECANCELED);
	dispatcher_interrupt(it.D, it.ids[4], EIO); /* its own comes first */
	assert_int_equal(dispatcher_interrupted(it.D, it.ids[4]), EIO);
	run_all(5);
	noted("0 canceled 1 canceled 4 broken ");
	start(5, wait_once);
	start(6, wait_once);
	assert_int_equal(dispatcher_interrupt_all(it.D, 0), 0);
	assert_int_equal(dispatcher_interrupted(it.D, it.ids[5]), 0);
	assert_int_equal(run_round(0), 2);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[5], EIO), 1);
	assert_int_equal(dispatcher_interrupt_all(it.D, ECANCELED), 1);
	assert_int_equal(dispatcher_interrupt_all(it.D, ECANCELED), 0);
	run_all(7);
	noted("5 broken 6 canceled ");
	finish();
}

/* ---- The source of news ------------------------------------------------------------- */

static int failing_news(void *ud, int wait)
{
	assert_ptr_equal(ud, &it);
	assert_int_equal(waiter_inside(it.D), 1);
	REFUSED_NULL(EPERM, waiter_self(it.D));
	REFUSED(EPERM, dispatcher_self(it.D));
	REFUSED(EPERM, dispatcher_yield(it.D));
	REFUSED(EPERM, dispatcher_park(it.D, DISPATCHER_ON_COND, "x"));
	REFUSED(EPERM, cond_wait(&it.cond));
	REFUSED(EPERM, dispatcher_shield(it.D));
	REFUSED(EBUSY, dispatcher_run(it.D));
	REFUSED(EBUSY, dispatcher_round(it.D, 0));
	REFUSED(EBUSY, dispatcher_close(it.D));
	if (++it.asked == it.fails) {
		errno = EIO;
		return -1;
	}
	if (wait)
		cond_broadcast(&it.cond);
	return 1;
}

static void *post_and_wait(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	for (int i = 0; i < 3; i++) {
		note("%d ", me);
		assert_int_equal(dispatcher_yield(D), 0);
		semaphore_post(&it.semaphore);
		assert_int_equal(semaphore_wait(&it.semaphore), 0);
		note("%d' ", me);
		assert_int_equal(cond_wait(&it.cond), 0);
	}
	return end(D, ud);
}

/* It fails each time it is asked, one after another; then the run goes on where it
 * was. */
static void a_source_that_fails(void **state)
{
	static char wanted[sizeof(it.log)];

	for (int fails = 0, asked = 0; fails <= asked; fails++) {
		begin(state, 3);
		it.fails = fails;
		dispatcher_source(it.D, failing_news, &it);
		for (int i = 0; i < 3; i++)
			start(i, post_and_wait);
		if (fails > 0) {
			REFUSED(EIO, dispatcher_run(it.D));
			assert_int_equal(it.asked, fails);
			assert_int_equal(dispatcher_close(NULL), 0);
			assert_int_equal(waiter_inside(it.D), 0);
		}
		run_all(3);
		if (fails == 0) {
			strcpy(wanted, it.log);
			asked = it.asked;
		}
		assert_string_equal(it.log, wanted);
		finish();
	}
}

static int spawning_news(void *ud, int wait)
{
	(void)ud;
	if (wait && it.asked < 4) {
		start(2 + it.asked++, wait_once);
		return 1;
	}
	if (wait && it.asked == 4) {
		it.asked++;
		cond_broadcast(&it.cond);
		return 1;
	}
	return 0;
}

static void a_source_that_spawns(void **state)
{
	begin(state, 6);
	dispatcher_source(it.D, spawning_news, &it);
	start(0, wait_once);
	start(1, wait_once);
	run_all(6);
	noted("0 well 1 well 2 well 3 well 4 well 5 well ");
	finish();
}

static int news_once(void *ud, int wait)
{
	(void)ud;
	(void)wait;
	it.asked++;
	dispatcher_source(it.D, NULL, NULL); /* from within */
	return 1;
}

static void a_source_that_leaves(void **state)
{
	begin(state, 2);
	dispatcher_source(it.D, news_once, &it);
	start(0, three_turns);
	run_all(1);
	assert_int_equal(it.asked, 1);
	finish();
}

/* A deadlock is found by one who has stepped aside; whoever is woken from outside
 * then goes on. */
static void run_into_deadlock(void)
{
	FILE *file = tmpfile();
	int kept, result, error;

	assert_non_null(file);
	fflush(stderr);
	kept = dup(2);
	dup2(fileno(file), 2);
	errno = 0;
	result = dispatcher_run(it.D);
	error = errno;
	fflush(stderr);
	dup2(kept, 2);
	close(kept);
	assert_true(ftell(file) > 0 || fseek(file, 0, SEEK_END) == 0);
	assert_true(ftell(file) > 0);
	fclose(file);
	assert_int_equal(result, -1);
	assert_int_equal(error, EDEADLK);
}

static void *wait_thrice(struct dispatcher *D, void *ud)
{
	wait_once(D, ud);
	assert_int_equal(dispatcher_yield(D), 0);
	wait_once(D, ud);
	return wait_once(D, ud);
}

static void a_deadlock_and_on(void **state)
{
	begin(state, 3);
	start(0, wait_thrice);
	start(1, wait_thrice);
	for (int i = 0; i < 3; i++) {
		run_into_deadlock();
		run_into_deadlock(); /* nothing has changed */
		assert_int_equal(dispatcher_status(it.D, it.ids[0]),
				 DISPATCHER_ON_COND);
		cond_broadcast(&it.cond);
		if (i == 1)
			start(2, three_turns);
	}
	run_all(2 * 3 + 1);
	noted("0 well 1 well 0 well 1 well 2 2 2 0 well 1 well ");
	finish();
}

/* ---- One round ------------------------------------------------------------------------ */

/* Each runs once, whoever is woken or made meanwhile comes in the next. */
static void *wake_the_others(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		note("%d ", *(int *)ud);
		cond_broadcast(&it.cond);
		start(4 + i, end);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(D, ud);
}

static void *turn_and_wait(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		note("%d ", *(int *)ud);
		assert_int_equal(dispatcher_yield(D), 0);
		assert_int_equal(cond_wait(&it.cond), 0);
	}
	return end(D, ud);
}

static void exactly_one_round(void **state)
{
	static const int alive[] = { 4, 4, 4, 2 };
	unsigned turns;

	begin(state, SLOTS);
	start(0, turn_and_wait);
	start(1, wake_the_others);
	start(2, turn_and_wait);
	for (int i = 0; i < 4; i++) {
		int are_ready = dispatcher_ready(it.D);

		turns = waiter_turns(it.D);
		assert_int_equal(run_round(i % 2), alive[i]);
		assert_int_equal(waiter_turns(it.D) - turns, are_ready);
		note("| ");
	}
	finish();
}

static void rounds_of_one(void **state)
{
	begin(state, 1);
	start(0, three_turns);
	assert_int_equal(run_round(1), 1);
	noted("0 ");
	assert_int_equal(run_round(0), 1);
	noted("0 ");
	assert_int_equal(run_round(0), 1);
	assert_int_equal(run_round(0), 0);
	noted("0 ");
	assert_int_equal(run_round(1), 0);
	finish();
}

/* ---- Where nobody can be parked ---------------------------------------------------------- */

/* Every way to park, refused, and nothing of it is left. */
static void park_in_vain(void)
{
	REFUSED(EPERM, dispatcher_yield(it.D));
	REFUSED(EPERM, dispatcher_park(it.D, DISPATCHER_ON_COND, "x"));
	REFUSED(EPERM, cond_wait(&it.cond));
	assert_null(it.cond.first);
	REFUSED(EPERM, semaphore_wait(&it.semaphore));
	REFUSED(EPERM, dispatcher_join(it.D, it.ids[1], NULL));
	REFUSED(EPERM, waiter_park(it.waiter, DISPATCHER_ON_COND, "x"));
	REFUSED(EPERM, waiter_park(it.waiter, DISPATCHER_READY, "x"));
	REFUSED(EPERM, waiter_park(waiter_of(it.D, it.ids[1]),
				   DISPATCHER_ON_COND, "x"));
	REFUSED(EBUSY, dispatcher_run(it.D));
	REFUSED(EBUSY, dispatcher_close(it.D));
}

static void nested(struct schedule *S, void *ud)
{
	(void)ud;
	park_in_vain();
	assert_int_equal(coroutine_yield(S), 0);
	park_in_vain();
}

static void *nest(struct dispatcher *D, void *ud)
{
	struct schedule *S =
		it.generator ? dispatcher_schedule(D) : coroutine_open();
	int id = coroutine_new(S, nested, NULL);

	it.waiter = waiter_self(D);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(dispatcher_self(D), it.ids[0]);
	it.waiter = waiter_self(D);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	if (!it.generator)
		assert_int_equal(coroutine_close(S), 0);
	note("nested ");
	assert_int_equal(dispatcher_join(D, it.ids[1], NULL), 0);
	return wait_once(D, ud);
}

static void *turn_and_signal(struct dispatcher *D, void *ud)
{
	while (dispatcher_status(D, it.ids[0]) != DISPATCHER_ON_COND)
		assert_int_equal(dispatcher_yield(D), 0);
	cond_signal(&it.cond);
	return end(D, ud);
}

static void in_another_schedule(void **state)
{
	begin(state, 4);
	start(0, nest);
	spawn(1, three_turns);
	start(2, turn_and_signal);
	run_all(3);
	noted("1 nested 1 1 0 well ");
	finish();
}

static void in_a_generator(void **state)
{
	begin(state, 4);
	it.generator = 1;
	start(0, nest);
	spawn(1, three_turns);
	start(2, turn_and_signal);
	run_all(3);
	noted("1 nested 1 1 0 well ");
	finish();
}

/* ---- With a stack each, or shared: the same story ------------------------------------------ */

/* A story at random: each step is written down, and every change of state. */
static struct {
	int steps[STEPS];
	int count;
	int wanted[STEPS];
	int wanted_count;
	unsigned seed;
	int spawned;
	int by_rounds;
} story;

static void tell(int what)
{
	if (story.count < STEPS)
		story.steps[story.count++] = what;
}

static unsigned dice(unsigned sides)
{
	story.seed = story.seed * 1103515245 + 12345;
	return story.seed / 65536 % sides;
}

static void tell_move(void *ud, struct dispatcher *D, int id, int from, int to)
{
	(void)ud;
	(void)D;
	tell(1000000 + id * 100 + from * 10 + to);
}

static int told_news(void *ud, int wait)
{
	(void)ud;
	tell(2000000 + wait);
	if (dice(4) == 0)
		tell(dispatcher_interrupt(it.D, (int)dice(2 * SLOTS),
					  dice(2) ? ECANCELED : 0));
	if (dice(3) == 0)
		tell(cond_signal(&it.cond));
	if (wait) /* nobody stays for ever: a join waits on when it is woken well */
		for (int id = 0; id < 100 * SLOTS; id++)
			dispatcher_wake(it.D, id, EIO);
	return 1;
}

static void *live_a_story(struct dispatcher *D, void *ud);

static void start_a_story(void)
{
	int id = -1;

	if (story.spawned < 200)
		id = dispatcher_spawn(it.D, "x", live_a_story, &it);
	if (id != -1)
		story.spawned++;
	if (id != -1 && dice(2))
		dispatcher_detach(it.D, id);
	tell(id);
}

static int take_a_step(struct dispatcher *D)
{
	switch (dice(12)) {
	case 0:
		return cond_wait(&it.cond);
	case 1:
		return cond_broadcast(&it.cond);
	case 2:
		start_a_story();
		return 0;
	case 3:
		return dispatcher_join(D, (int)dice(4 * SLOTS), NULL);
	case 4:
		return semaphore_wait(&it.semaphore);
	case 5:
		return semaphore_post(&it.semaphore);
	case 6:
		return dispatcher_interrupt(D, (int)dice(4 * SLOTS),
					    dice(3) ? ECANCELED : 0);
	case 7:
		return dispatcher_shield(D);
	case 8:
		return dispatcher_unshield(D);
	case 9:
		return dispatcher_detach(D, (int)dice(4 * SLOTS));
	case 10:
		return dispatcher_wake(D, (int)dice(4 * SLOTS), EIO);
	default:
		return dispatcher_yield(D);
	}
}

static void *live_a_story(struct dispatcher *D, void *ud)
{
	int me = dispatcher_self(D), steps = (int)dice(30);
	volatile int mine[32];

	for (int i = 0; i < 32; i++)
		mine[i] = me + i;
	while (steps-- > 0) {
		errno = 0;
		tell(me * 1000);
		tell(take_a_step(D));
		tell(errno);
		assert_int_equal(dispatcher_self(D), me);
		for (int i = 0; i < 32; i++)
			assert_int_equal(mine[i], me + i);
	}
	return ud;
}

static void one_story(void **state, unsigned seed)
{
	int left;

	begin(state, SLOTS);
	story.seed = seed;
	story.count = story.spawned = 0;
	dispatcher_trace(it.D, tell_move, NULL);
	dispatcher_source(it.D, told_news, NULL);
	for (int i = 0; i < 4; i++)
		start_a_story();
	for (int i = 0; i < 3000; i++) {
		left = story.by_rounds ? run_round(1) : 0;
		if (story.by_rounds && left > 0)
			continue;
		if (!story.by_rounds) {
			if (i % 2)
				dispatcher_stop(it.D);
			left = dispatcher_run(it.D);
		}
		if (left == 0 && story.spawned >= 100)
			break;
		if (left == 0)
			for (int id = 0; id < 4 * SLOTS; id++)
				dispatcher_detach(it.D, id);
		start_a_story();
	}
	finish();
}

static struct setting shared = { 1, "" }, own = { 0, "" };

static void the_same_story(void **state)
{
	void *a = &shared, *b = &own;

	(void)state;
	for (unsigned seed = 1; seed < 40 / (unsigned)scale() + 4; seed++) {
		story.by_rounds = seed % 2;
		one_story(&a, seed);
		memcpy(story.wanted, story.steps, sizeof(story.steps));
		story.wanted_count = story.count;
		one_story(&b, seed);
		assert_int_equal(story.count, story.wanted_count);
		assert_memory_equal(story.steps, story.wanted,
				    sizeof(int) * (size_t)story.count);
	}
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(refusals),
		EACH_TEST(the_waiter),
		ONCE_TEST(limits),
		ONCE_TEST(too_late),
		EACH_TEST(parts_of_all),
		ONCE_TEST(release_zeroes),
		EACH_TEST(told_once),
		EACH_TEST(told_at_release),
		EACH_TEST(joined_when_told),
		EACH_TEST(allocations_fail),
		EACH_TEST(started),
		EACH_TEST(started_from_inside),
		EACH_TEST(ready),
		EACH_TEST(stopped_from_inside),
		EACH_TEST(stopped_from_outside),
		EACH_TEST(stopped_by_the_only_one),
		EACH_TEST(stopped_by_the_source),
		EACH_TEST(shields),
		EACH_TEST(struck_behind_a_shield),
		EACH_TEST(nothing_outlives_its_coroutine),
		EACH_TEST(all_are_interrupted),
		EACH_TEST(a_source_that_fails),
		EACH_TEST(a_source_that_spawns),
		EACH_TEST(a_source_that_leaves),
		EACH_TEST(a_deadlock_and_on),
		EACH_TEST(exactly_one_round),
		EACH_TEST(rounds_of_one),
		EACH_TEST(in_another_schedule),
		EACH_TEST(in_a_generator),
		ONCE_TEST(the_same_story),
	};

	return run_entries("waiter", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
