/* The promises of lesson 10: the heap, the wheel beside it, sleep, deadlines.
 * The clock is a number here: hours pass in no time. The last tests take the
 * system's clock, for a few milliseconds.
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
#include "../lessons/10-timer/heap.h"
#include "../lessons/10-timer/timer.h"
#include "../lessons/10-timer/wheel.h"

#include <time.h>

enum { MANY = 64, NODES = 300 };

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct dispatcher *D;
	struct timer *T;
	struct cond cond;
	struct semaphore semaphore;
	char log[4096];
	long long now;
	long long sleeps[MANY];
	int naps;  /* how often the clock slept */
	int early; /* how often it returns too early */
	int fail;
	int numbers[MANY];
	int ids[MANY];
	int done;
} it;

static long long fake_now(void *ud)
{
	assert_ptr_equal(ud, &it);
	return it.now;
}

static int fake_sleep(void *ud, long long until)
{
	assert_ptr_equal(ud, &it);
	assert_true(until > it.now);
	it.naps++;
	if (it.fail) {
		errno = EIO;
		return -1;
	}
	if (it.early > 0 && it.early--) {
		it.now += (until - it.now) / 2; /* a signal came */
		return 0;
	}
	it.now = until;
	return 0;
}

static void note(int number)
{
	size_t end = strlen(it.log);

	snprintf(it.log + end, sizeof(it.log) - end, "%d@%lld ", number,
		 it.now);
}

static struct dispatcher *open_dispatcher(void **state, int slots)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { slots, STACK, setting->stacks };

	if (options.stacks == 0 || options.stacks > slots)
		options.stacks = slots;
	return dispatcher_open(&options);
}

static const struct timer_clock fake = { fake_now, fake_sleep, &it };

static void begin(void **state, int slots)
{
	memset(&it, 0, sizeof(it));
	memory.blocks = 0; /* whatever a failed test has left */
	it.D = open_dispatcher(state, slots);
	assert_non_null(it.D);
	it.T = timer_open(it.D, &fake);
	assert_non_null(it.T);
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	semaphore_init(&it.semaphore, dispatcher_parking(it.D), "a unit", 0);
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
}

static void finish(void)
{
	timer_close(it.T);
	assert_int_equal(dispatcher_close(it.D), 0);
	assert_int_equal(memory.blocks, 0);
}

static void spawn(int number, dispatcher_func func)
{
	it.ids[number] = dispatcher_spawn(it.D, "x", func, &it.numbers[number]);
	assert_true(it.ids[number] >= 0);
}

static void spawn_detached(int number, dispatcher_func func)
{
	spawn(number, func);
	assert_int_equal(dispatcher_detach(it.D, it.ids[number]), 0);
}

static void *end(struct dispatcher *D, void *ud)
{
	(void)D;
	it.done++;
	return ud;
}

/* ---- the heap ------------------------------------------------------------ */

static void heap_refusals(void **state)
{
	struct heap_node a = { 0, 0, 0 }, b = { 0, 0, 0 };
	struct heap h;

	(void)state;
	REFUSED(EINVAL, heap_init(&h, 0));
	REFUSED(ENOMEM, heap_init(&h, SIZE_MAX));
	assert_int_equal(heap_init(&h, 1), 0);
	assert_null(heap_first(&h));
	heap_remove(&h, &a);
	assert_int_equal(heap_add(&h, &a, 5), 0);
	REFUSED(ENOSPC, heap_add(&h, &b, 1));
	assert_int_equal(b.place, 0);
	assert_int_equal(heap_add(&h, &a, 7), 0); /* moved, not added */
	assert_ptr_equal(heap_first(&h), &a);
	assert_int_equal(h.count, 1);
	heap_remove(&h, &a);
	heap_remove(&h, &a);
	assert_int_equal(h.count, 0);
	heap_free(&h);
	heap_free(&h);
}

static void equal_moments_keep_their_order(void **state)
{
	static struct heap_node nodes[NODES];
	struct heap h;

	(void)state;
	memset(nodes, 0, sizeof(nodes));
	assert_int_equal(heap_init(&h, NODES), 0);
	for (int i = 0; i < NODES; i++)
		heap_add(&h, &nodes[i], i % 3);
	for (int when = 0; when < 3; when++)
		for (int i = when; i < NODES; i += 3) {
			assert_ptr_equal(heap_first(&h), &nodes[i]);
			heap_remove(&h, &nodes[i]);
		}
	heap_free(&h);
}

/* Moments so far apart that their difference is no long long. */
static void extreme_moments(void **state)
{
	struct heap_node low = { 0, 0, 0 }, high = { 0, 0, 0 };
	struct heap h;

	(void)state;
	assert_int_equal(heap_init(&h, 2), 0);
	heap_add(&h, &high, LLONG_MAX);
	heap_add(&h, &low, LLONG_MIN);
	assert_ptr_equal(heap_first(&h), &low);
	heap_remove(&h, &low);
	assert_ptr_equal(heap_first(&h), &high);
	heap_free(&h);
}

/* The earliest of the nodes that are in, by looking at all. */
static struct heap_node *earliest(struct heap_node *nodes)
{
	struct heap_node *best = NULL;

	for (int i = 0; i < NODES; i++)
		if (nodes[i].place != 0 &&
		    (best == NULL || nodes[i].when < best->when ||
		     (nodes[i].when == best->when &&
		      nodes[i].order < best->order)))
			best = &nodes[i];
	return best;
}

static void heap_against_a_model(void **state)
{
	static struct heap_node nodes[NODES];
	struct heap h;
	size_t count = 0;

	(void)state;
	memset(nodes, 0, sizeof(nodes));
	srand(1);
	assert_int_equal(heap_init(&h, NODES), 0);
	for (int step = 0; step < 40000 / scale(); step++) {
		struct heap_node *node = &nodes[rand() % NODES];

		if (rand() % 5 < 3) {
			count += node->place == 0;
			assert_int_equal(heap_add(&h, node, rand() % 50), 0);
		} else {
			if (rand() % 2 && heap_first(&h))
				node = heap_first(&h);
			count -= node->place != 0;
			heap_remove(&h, node);
		}
		assert_int_equal(h.count, count);
		assert_ptr_equal(heap_first(&h), earliest(nodes));
		if (node->place != 0)
			assert_ptr_equal(h.nodes[node->place - 1], node);
	}
	heap_free(&h);
}

/* 4,096 added and taken out: no more than 13 levels each way. */
static void heap_steps_are_few(void **state)
{
	enum { COUNT = 4096 };
	struct heap_node *nodes = calloc(COUNT, sizeof(*nodes));
	struct heap h;
	long long last = -1;

	(void)state;
	assert_int_equal(heap_init(&h, COUNT), 0);
	srand(3);
	for (int i = 0; i < COUNT; i++)
		heap_add(&h, &nodes[i], rand());
	assert_true(h.steps <= 13 * COUNT);
	h.steps = 0;
	while (h.count > 0) {
		assert_true(heap_first(&h)->when >= last);
		last = heap_first(&h)->when;
		heap_remove(&h, heap_first(&h));
	}
	assert_true(h.steps <= 13 * COUNT);
	heap_free(&h);
	free(nodes);
}

/* ---- the wheel ----------------------------------------------------------- */

static void the_wheel(void **state)
{
	struct wheel_node a, b, c, d, far;
	struct wheel w;

	(void)state;
	memset(&a, 0, sizeof(a));
	b = c = d = far = a;
	assert_int_equal(wheel_init(&w, 1000), 0);
	wheel_remove(&w, &a);
	wheel_add(&w, &a, 1005);
	wheel_add(&w, &b, 1005);
	wheel_add(&w, &c, 900);  /* late already */
	wheel_add(&w, &d, 1000); /* this one's turn is over */
	wheel_add(&w, &far, 1000 + 2 * WHEEL_SLOTS + 7);
	assert_null(wheel_turn(&w, 1000));
	assert_ptr_equal(wheel_turn(&w, 1004), &c);
	assert_ptr_equal(wheel_turn(&w, 1004), &d);
	assert_null(wheel_turn(&w, 1004));
	assert_ptr_equal(wheel_turn(&w, 1005), &a);
	wheel_add(&w, &b, 1010); /* moved */
	assert_null(wheel_turn(&w, 1009));
	wheel_remove(&w, &b);
	assert_null(wheel_turn(&w, 1000 + 2 * WHEEL_SLOTS + 6));
	assert_ptr_equal(wheel_turn(&w, 1000 + 2 * WHEEL_SLOTS + 7), &far);
	assert_true(w.steps > 2 * WHEEL_SLOTS);
	wheel_free(&w);
	wheel_free(&w);
}

/* The heap and the wheel let the same timers go in the same milliseconds. */
static void heap_and_wheel_agree(void **state)
{
	static struct heap_node in_heap[NODES];
	static struct wheel_node in_wheel[NODES];
	struct heap h;
	struct wheel w;

	(void)state;
	memset(in_heap, 0, sizeof(in_heap));
	memset(in_wheel, 0, sizeof(in_wheel));
	srand(5);
	assert_int_equal(heap_init(&h, NODES), 0);
	assert_int_equal(wheel_init(&w, 0), 0);
	for (int i = 0; i < NODES; i++) {
		long long when = 1 + rand() % (3 * WHEEL_SLOTS / 2);

		heap_add(&h, &in_heap[i], when);
		wheel_add(&w, &in_wheel[i], when);
		if (i % 7 == 0) {
			heap_remove(&h, &in_heap[i / 2]);
			wheel_remove(&w, &in_wheel[i / 2]);
		}
	}
	while (heap_first(&h)) {
		long long when = heap_first(&h)->when;
		struct wheel_node *node = wheel_turn(&w, when);

		assert_non_null(node);
		assert_int_equal(node->when, when);
		assert_null(node->previous);
		heap_remove(&h, &in_heap[node - in_wheel]);
	}
	assert_null(wheel_turn(&w, 2 * WHEEL_SLOTS));
	heap_free(&h);
	wheel_free(&w);
}

/* ---- sleep --------------------------------------------------------------- */

static void timer_refusals(void **state)
{
	struct timer_clock none = { NULL, fake_sleep, &it };

	begin(state, 1);
	errno = 0;
	assert_null(timer_open(NULL, &fake));
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_null(timer_open(it.D, &none));
	assert_int_equal(errno, EINVAL);
	REFUSED(EINVAL, timer_sleep(NULL, 1));
	REFUSED(EINVAL, timer_sleep_until(NULL, 1));
	REFUSED(EINVAL, (int)timer_deadline(NULL, 1));
	REFUSED(EPERM, timer_sleep(it.T, 1));
	REFUSED(EPERM, timer_sleep_until(it.T, 1));
	REFUSED(EPERM, (int)timer_deadline(it.T, 1));
	REFUSED(EINVAL, (int)timer_deadline(it.T, -1));
	assert_true(timer_next(it.T) == TIMER_NEVER);
	timer_close(NULL);
	finish();
}

static void *sleep_once(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	assert_int_equal(timer_sleep(it.T, it.sleeps[me]), 0);
	note(me);
	return end(D, ud);
}

static void the_earliest_first(void **state)
{
	static const long long sleeps[] = { 50, 10, 30, 10, 0, -5, 40 };

	begin(state, 7);
	memcpy(it.sleeps, sleeps, sizeof(sleeps));
	for (int i = 0; i < 7; i++)
		spawn_detached(i, sleep_once);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "4@0 5@0 1@10 3@10 2@30 6@40 0@50 ");
	assert_int_equal(it.naps, 4); /* no tick: one for each moment */
	finish();
}

static void hours_take_no_time(void **state)
{
	begin(state, 2);
	it.sleeps[0] = 3600 * TIMER_SECOND;
	it.sleeps[1] = 5 * TIMER_MS;
	spawn_detached(0, sleep_once);
	spawn_detached(1, sleep_once);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "1@5000000 0@3600000000000 ");
	finish();
}

static void woken_too_early_the_clock_sleeps_again(void **state)
{
	begin(state, 1);
	it.early = 5;
	it.sleeps[0] = 1000;
	spawn_detached(0, sleep_once);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@1000 ");
	assert_int_equal(it.naps, 6);
	finish();
}

static void a_clock_that_fails(void **state)
{
	begin(state, 1);
	it.fail = 1;
	it.sleeps[0] = 10;
	spawn_detached(0, sleep_once);
	REFUSED(EIO, dispatcher_run(it.D));
	it.fail = 0;
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@10 ");
	finish();
}

/* While somebody is ready the clock is looked at, but nobody sleeps. */
static void *spin(struct dispatcher *D, void *ud)
{
	while (it.done < 1) {
		it.now++;
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return ud;
}

static void time_passes_while_others_work(void **state)
{
	begin(state, 2);
	it.sleeps[0] = 20;
	spawn_detached(0, sleep_once);
	spawn_detached(1, spin);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@21 "); /* behind who was ready */
	assert_int_equal(it.naps, 0);
	finish();
}

static void *tick(struct dispatcher *D, void *ud)
{
	long long next = it.now;

	for (int i = 0; i < 3; i++) {
		it.now += 7; /* work */
		next += 10;
		assert_int_equal(timer_sleep_until(it.T, next), 0);
		note(i);
	}
	return end(D, ud);
}

static void intervals_do_not_drift(void **state)
{
	begin(state, 1);
	spawn_detached(0, tick);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@10 1@20 2@30 ");
	finish();
}

static void *sleep_for_ever(struct dispatcher *D, void *ud)
{
	assert_int_equal(timer_sleep(it.T, TIMER_NEVER), 0);
	assert_int_equal(timer_sleep_until(it.T, TIMER_NEVER), 0);
	return end(D, ud);
}

static void a_sleep_without_end(void **state)
{
	begin(state, 1);
	it.now = 100;
	spawn(0, sleep_for_ever);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.naps, 0);
	finish();
}

static void *sleep_and_be_woken(struct dispatcher *D, void *ud)
{
	assert_int_equal(timer_sleep(it.T, 1000), 0);
	assert_int_equal(it.now, 0);
	assert_true(timer_next(it.T) == TIMER_NEVER);
	return end(D, ud);
}

static void woken_out_of_a_sleep(void **state)
{
	begin(state, 1);
	spawn(0, sleep_and_be_woken);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(timer_next(it.T), 1000);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

/* ---- deadlines ----------------------------------------------------------- */

static void *wait_until_ten(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	assert_true(timer_deadline(it.T, 10) == TIMER_NEVER);
	if (me == 0)
		REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	else if (me == 1)
		REFUSED(ETIMEDOUT, semaphore_wait(&it.semaphore));
	else if (me == 2)
		REFUSED(ETIMEDOUT, dispatcher_join(D, it.ids[4], NULL));
	else
		REFUSED(ETIMEDOUT, timer_sleep(it.T, 100));
	assert_int_equal(it.now, 10);
	return end(D, ud);
}

static void a_deadline_for_every_wait(void **state)
{
	begin(state, 5);
	spawn(4, sleep_once);
	it.sleeps[4] = 20;
	for (int i = 0; i < 4; i++)
		spawn_detached(i, wait_until_ten);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 5);
	assert_int_equal(it.naps, 2);
	assert_int_equal(cond_signal(&it.cond), 0); /* nobody in the lines */
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	assert_int_equal(it.semaphore.units, 1);
	assert_int_equal(dispatcher_join(it.D, it.ids[4], NULL), 0);
	finish();
}

static void *fail_until_set_anew(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 10);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	REFUSED(ETIMEDOUT, timer_sleep(it.T, 0));
	semaphore_post(&it.semaphore);
	assert_int_equal(semaphore_wait(&it.semaphore), 0); /* needs no wait */
	assert_int_equal(dispatcher_yield(D), 0);           /* is no wait */
	assert_int_equal(it.now, 10);
	assert_int_equal(timer_deadline(it.T, 30), 10);
	assert_int_equal(timer_sleep(it.T, 5), 0);
	assert_int_equal(it.now, 15);
	assert_int_equal(timer_deadline(it.T, TIMER_NEVER), 30);
	assert_int_equal(timer_sleep(it.T, 100), 0);
	assert_int_equal(it.now, 115);
	assert_true(timer_deadline(it.T, 50) == TIMER_NEVER); /* passed */
	REFUSED(ETIMEDOUT, timer_sleep(it.T, 1));
	assert_int_equal(timer_deadline(it.T, 115), 50); /* now is too late */
	assert_true(timer_next(it.T) == TIMER_NEVER);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	assert_int_equal(timer_deadline(it.T, 116), 115);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	assert_int_equal(it.now, 116);
	return end(D, ud);
}

static void a_deadline_lasts_until_set_anew(void **state)
{
	begin(state, 1);
	spawn_detached(0, fail_until_set_anew);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

static void *sleep_to_the_deadline(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 10);
	assert_int_equal(timer_sleep_until(it.T, 10), 0);
	REFUSED(ETIMEDOUT, timer_sleep_until(it.T, 10));
	timer_deadline(it.T, 20);
	REFUSED(ETIMEDOUT, timer_sleep_until(it.T, 21));
	return end(D, ud);
}

/* A sleep that ends with the deadline has ended well. */
static void sleep_and_deadline_at_once(void **state)
{
	begin(state, 1);
	spawn_detached(0, sleep_to_the_deadline);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

static void *wait_to_the_deadline(struct dispatcher *D, void *ud)
{
	int result;

	timer_deadline(it.T, it.sleeps[*(int *)ud]);
	errno = 0;
	result = cond_wait(&it.cond);
	if (result == -1)
		assert_int_equal(errno, ETIMEDOUT);
	note(result);
	return end(D, ud);
}

static void *signal_at(struct dispatcher *D, void *ud)
{
	timer_sleep_until(it.T, it.sleeps[*(int *)ud]);
	note(100 + cond_signal(&it.cond));
	return end(D, ud);
}

/* The signal comes in the round in which the time is out, before the one whose
 * time it is has run: the next in line gets it. */
static void a_timeout_takes_no_signal(void **state)
{
	begin(state, 3);
	it.sleeps[0] = 10;
	it.sleeps[1] = 50;
	it.sleeps[2] = 10;
	spawn_detached(2, signal_at); /* its sleep is set before the deadline */
	spawn_detached(0, wait_to_the_deadline);
	spawn_detached(1, wait_to_the_deadline);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "101@10 -1@10 0@10 ");
	finish();
}

/* The signal is there first: the deadline finds nobody to interrupt. */
static void a_signal_is_no_timeout(void **state)
{
	begin(state, 3);
	it.sleeps[0] = 10;
	it.sleeps[2] = 9;
	spawn_detached(0, wait_to_the_deadline);
	spawn_detached(2, signal_at);
	assert_int_equal(dispatcher_round(it.D, 1), 2);
	assert_int_equal(cond_signal(&it.cond), 1);
	it.now = 10; /* it is READY already */
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@10 100@10 ");
	finish();
}

/* Nobody left in line: the signal at the moment of the time-out is lost, and
 * says so. */
static void a_signal_too_late(void **state)
{
	begin(state, 2);
	it.sleeps[0] = it.sleeps[1] = 10;
	spawn_detached(0, wait_to_the_deadline);
	spawn_detached(1, signal_at);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "-1@10 100@10 ");
	finish();
}

static int ask_within(long long duration)
{
	long long before = timer_deadline(it.T, it.now + duration);
	int result = cond_wait(&it.cond), error = errno;

	assert_int_equal(timer_deadline(it.T, before), it.now);
	errno = error;
	return result;
}

static void *one_inside_another(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 25);
	for (int i = 0; i < 2; i++) {
		REFUSED(ETIMEDOUT, ask_within(10));
		note(i);
	}
	REFUSED(ETIMEDOUT, timer_sleep(it.T, 100));
	note(2);
	return end(D, ud);
}

static void deadlines_inside_one_another(void **state)
{
	begin(state, 1);
	spawn_detached(0, one_inside_another);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@10 1@20 2@25 ");
	finish();
}

/* A cancel outlives the deadlines around it: one that has passed and is taken
 * back, and one that passes later. */
static void *wait_though_cancelled(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 5);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	dispatcher_interrupt(D, dispatcher_self(D), ECANCELED);
	timer_deadline(it.T, TIMER_NEVER);
	REFUSED(ECANCELED, cond_wait(&it.cond));
	timer_deadline(it.T, it.now);
	REFUSED(ECANCELED, cond_wait(&it.cond));
	timer_deadline(it.T, it.now + 1);
	it.now += 1;
	dispatcher_yield(D); /* it strikes */
	REFUSED(ECANCELED, timer_sleep(it.T, 10));
	assert_int_equal(dispatcher_interrupted(D, dispatcher_self(D)),
			 ECANCELED);
	dispatcher_interrupt(D, dispatcher_self(D), 0);
	timer_deadline(it.T, TIMER_NEVER);
	assert_int_equal(timer_sleep(it.T, 10), 0);
	it.done++;
	return ud;
}

static void a_cancel_outlives_deadlines(void **state)
{
	begin(state, 2);
	spawn_detached(0, wait_though_cancelled);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

/* The deadline strikes while the coroutine is cancelled. When the cancel is taken
 * back, its waits have that bound still. */
static void *wait_after_a_cancel(struct dispatcher *D, void *ud)
{
	int self = dispatcher_self(D);

	timer_deadline(it.T, it.now + 5);
	dispatcher_interrupt(D, self, ECANCELED);
	it.now += 5;
	dispatcher_yield(D);
	REFUSED(ECANCELED, cond_wait(&it.cond));
	dispatcher_interrupt(D, self, 0);
	assert_int_equal(dispatcher_interrupted(D, self), ETIMEDOUT);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	timer_deadline(it.T, TIMER_NEVER);
	assert_int_equal(dispatcher_interrupted(D, self), 0);
	return end(D, ud);
}

static void a_deadline_outlives_a_cancel(void **state)
{
	begin(state, 2);
	spawn_detached(0, wait_after_a_cancel);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

static void *sleep_past_the_bounds(struct dispatcher *D, void *ud)
{
	assert_int_equal(timer_sleep_until(it.T, LLONG_MIN), 0);
	assert_int_equal(timer_sleep_until(it.T, -1), 0);
	assert_int_equal(timer_sleep(it.T, LLONG_MIN), 0);
	note(0);
	timer_deadline(it.T, it.now > 0 ? it.now + 7 : 7);
	REFUSED(ETIMEDOUT, timer_sleep(it.T, LLONG_MAX));
	note(1);
	return end(D, ud);
}

/* A moment before 0 has passed; a clock that shows one shows 0. */
static void moments_out_of_bounds(void **state)
{
	begin(state, 2);
	it.now = 100;
	spawn_detached(0, sleep_past_the_bounds);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0@100 1@107 ");
	finish();
	begin(state, 2);
	it.now = LLONG_MIN;
	assert_true(timer_now(it.T) == 0);
	spawn_detached(0, sleep_past_the_bounds);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	assert_true(it.now == 7);
	finish();
}

static void *join_when_it_is_too_late(struct dispatcher *D, void *ud)
{
	int child = dispatcher_spawn(D, "child", sleep_once, &it.numbers[1]);

	timer_deadline(it.T, 10);
	REFUSED(ETIMEDOUT, dispatcher_join(D, child, NULL));
	REFUSED(ETIMEDOUT, dispatcher_join(D, child, NULL));
	assert_int_equal(dispatcher_shield(D), 0);
	assert_int_equal(dispatcher_interrupted(D, dispatcher_self(D)), 0);
	assert_int_equal(dispatcher_join(D, child, NULL), 0);
	assert_int_equal(dispatcher_unshield(D), 0);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	note(0);
	return end(D, ud);
}

/* A clean-up can wait, though the time is out. */
static void a_shield_stops_a_deadline(void **state)
{
	begin(state, 3);
	it.sleeps[1] = 20;
	spawn_detached(0, join_when_it_is_too_late);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "1@20 0@20 ");
	finish();
}

static void *end_with_a_deadline(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 1000000);
	return end(D, ud);
}

static void *wait_without_one(struct dispatcher *D, void *ud)
{
	cond_wait(&it.cond);
	return end(D, ud);
}

/* Who has ended leaves no deadline behind: it does not hold up the report of a
 * deadlock, nor does it hit the next one in its slot. */
static void a_deadline_ends_with_its_owner(void **state)
{
	begin(state, 2);
	spawn_detached(0, end_with_a_deadline);
	assert_int_equal(dispatcher_run(it.D), 0);
	spawn(0, end_with_a_deadline);
	spawn(1, wait_without_one);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	assert_int_equal(it.naps, 0);
	assert_int_equal(dispatcher_join(it.D, it.ids[0], NULL), 0);
	spawn_detached(0, end_with_a_deadline);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	it.sleeps[2] = 2000000;
	spawn_detached(2, sleep_once); /* the same slot again */
	cond_signal(&it.cond);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "2@2000000 ");
	finish();
}

/* A stale deadline that expires hits nobody. */
static void a_stale_deadline_hits_nobody(void **state)
{
	begin(state, 1);
	spawn_detached(0, end_with_a_deadline);
	assert_int_equal(dispatcher_run(it.D), 0);
	spawn_detached(1, wait_without_one);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	it.now = 2000000;
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_ready(it.D), 0);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

static void timers_closed_under_sleepers(void **state)
{
	begin(state, 2);
	it.sleeps[0] = 5;
	spawn(0, sleep_once);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	timer_close(it.T);
	it.T = NULL;
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	finish();
}

/* Whoever is woken all the same finds no timers to leave. */
static void *sleep_past_the_timers(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 1000);
	assert_int_equal(timer_sleep(it.T, 5), 0);
	assert_null(it.T);
	assert_int_equal(dispatcher_interrupted(D, dispatcher_self(D)), 0);
	it.done++;
	return ud;
}

/* Nor has it a deadline any more, though that had passed. */
static void *wait_past_the_timers(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 0);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	assert_int_equal(dispatcher_yield(D), 0);
	assert_null(it.T);
	assert_int_equal(cond_wait(&it.cond), 0);
	it.done++;
	return ud;
}

static void woken_after_the_timers(void **state)
{
	begin(state, 2);
	spawn_detached(0, sleep_past_the_timers);
	spawn_detached(1, wait_past_the_timers);
	assert_int_equal(dispatcher_round(it.D, 1), 2);
	timer_close(it.T);
	it.T = NULL;
	assert_int_equal(dispatcher_wake(it.D, 0, 0), 1);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 2);
	finish();
}

/* ---- many, at random ----------------------------------------------------- */

static void *sleep_at_random(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 30; i++) {
		long long from = it.now, naps = rand() % 50,
			  limit = rand() % 50;
		int result;

		timer_deadline(it.T, from + limit);
		errno = 0;
		result = rand() % 2 ? timer_sleep(it.T, naps)
				    : (naps = 1000, cond_wait(&it.cond));
		if (result == -1) {
			assert_int_equal(errno, ETIMEDOUT);
			assert_true(limit == 0 || limit < naps);
			assert_true(it.now == from + limit);
		} else if (naps < 1000) {
			assert_true(naps <= limit);
			assert_true(it.now == from + naps);
		}
		if (rand() % 8 == 0)
			cond_signal(&it.cond);
	}
	return end(D, ud);
}

static void many_at_random(void **state)
{
	for (int seed = 0; seed < 20 / scale() + 2; seed++) {
		begin(state, MANY);
		srand((unsigned)seed);
		for (int i = 0; i < MANY; i++)
			spawn_detached(i, sleep_at_random);
		assert_int_equal(dispatcher_run(it.D), 0);
		assert_int_equal(it.done, MANY);
		assert_true(timer_next(it.T) == TIMER_NEVER);
		finish();
	}
}

/* ---- allocations, and the system's clock --------------------------------- */

static int open_both(void **state)
{
	int well = 0;

	memset(&it, 0, sizeof(it));
	errno = 0;
	it.D = open_dispatcher(state, 2);
	if (it.D != NULL) {
		it.T = timer_open(it.D, &fake);
		well = it.T != NULL;
	}
	if (!well)
		assert_int_equal(errno, ENOMEM);
	timer_close(it.T);
	assert_int_equal(dispatcher_close(it.D), 0);
	return well;
}

static int init_a_wheel(void **state)
{
	struct wheel w;
	int result = wheel_init(&w, 0);

	(void)state;
	wheel_free(&w);
	return result == 0;
}

static int init_a_heap(void **state)
{
	struct heap h;
	int result = heap_init(&h, 10);

	(void)state;
	heap_free(&h);
	return result == 0;
}

static void allocations_fail(void **state)
{
	each_allocation_fails(open_both, state);
	each_allocation_fails(init_a_wheel, state);
	each_allocation_fails(init_a_heap, state);
}

/* With a stack each, waiting with a deadline takes no memory. */
static void nothing_is_allocated_after_open(void **state)
{
	static struct setting own = { 0, "" };
	void *setting = &own;

	(void)state;
	begin(&setting, 5);
	starve(1, LONG_MAX);
	spawn(4, sleep_once);
	it.sleeps[4] = 20;
	for (int i = 0; i < 4; i++)
		spawn_detached(i, wait_until_ten);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(memory.asked, 0);
	starve(0, 0);
	finish();
}

static long long real_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * TIMER_SECOND + t.tv_nsec;
}

static void *sleep_really(struct dispatcher *D, void *ud)
{
	assert_int_equal(timer_sleep(it.T, 2 * TIMER_MS), 0);
	timer_deadline(it.T, timer_now(it.T) + TIMER_MS);
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	return end(D, ud);
}

static void the_clock_of_the_system(void **state)
{
	long long before = real_now();

	begin(state, 1);
	timer_close(it.T);
	it.T = timer_open(it.D, NULL);
	assert_non_null(it.T);
	spawn_detached(0, sleep_really);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_true(real_now() - before >= 3 * TIMER_MS);
	finish();
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("heap refusals", heap_refusals),
		ONCE("equal moments keep their order",
		     equal_moments_keep_their_order),
		ONCE("extreme moments", extreme_moments),
		ONCE("the heap against a model", heap_against_a_model),
		ONCE("heap steps are few", heap_steps_are_few),
		ONCE("the wheel", the_wheel),
		ONCE("heap and wheel agree", heap_and_wheel_agree),
		ONCE("timer refusals", timer_refusals),
		EACH("the earliest first", the_earliest_first),
		EACH("hours take no time", hours_take_no_time),
		EACH("woken too early, the clock sleeps again",
		     woken_too_early_the_clock_sleeps_again),
		ONCE("a clock that fails", a_clock_that_fails),
		EACH("time passes while others work",
		     time_passes_while_others_work),
		EACH("intervals do not drift", intervals_do_not_drift),
		EACH("a sleep without end", a_sleep_without_end),
		EACH("woken out of a sleep", woken_out_of_a_sleep),
		EACH("a deadline for every wait", a_deadline_for_every_wait),
		EACH("a deadline lasts until set anew",
		     a_deadline_lasts_until_set_anew),
		EACH("sleep and deadline at once", sleep_and_deadline_at_once),
		EACH("a time-out takes no signal", a_timeout_takes_no_signal),
		EACH("a signal is no time-out", a_signal_is_no_timeout),
		EACH("a signal too late", a_signal_too_late),
		EACH("deadlines inside one another",
		     deadlines_inside_one_another),
		EACH("a cancel outlives deadlines",
		     a_cancel_outlives_deadlines),
		EACH("a deadline outlives a cancel",
		     a_deadline_outlives_a_cancel),
		EACH("moments out of bounds", moments_out_of_bounds),
		EACH("a shield stops a deadline", a_shield_stops_a_deadline),
		EACH("a deadline ends with its owner",
		     a_deadline_ends_with_its_owner),
		EACH("a stale deadline hits nobody",
		     a_stale_deadline_hits_nobody),
		EACH("timers closed under sleepers",
		     timers_closed_under_sleepers),
		EACH("woken after the timers", woken_after_the_timers),
		EACH("many at random", many_at_random),
		EACH("every allocation fails in turn", allocations_fail),
		ONCE("nothing is allocated after open",
		     nothing_is_allocated_after_open),
		ONCE("the system's clock", the_clock_of_the_system),
	};

	return run_entries("timer", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
