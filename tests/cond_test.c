/* The promises of lesson 07: parking, cond, semaphore. A loop here resumes the
 * coroutines by hand; the same conds under a dispatcher are in
 * dispatcher_test.c, with deadlines in timer_test.c.
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

#include <limits.h>

enum { MANY = 50 };

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct schedule *S;
	struct parking *P;
	struct cond cond;
	struct semaphore semaphore;
	char log[4096];
	int ids[MANY];
	int got[MANY];
	int numbers[MANY];
	int item;
	int left;
} it;

static void note(const char *words, int number)
{
	size_t end = strlen(it.log);

	snprintf(it.log + end, sizeof(it.log) - end, "%s%d ", words, number);
}

static void begin(void **state, int slots)
{
	memset(&it, 0, sizeof(it));
	memory.blocks = 0; /* whatever a failed test has left */
	it.S = open_under(state, slots);
	assert_non_null(it.S);
	it.P = parking_open(it.S);
	assert_non_null(it.P);
	assert_int_equal(cond_init(&it.cond, it.P, "news"), 0);
	assert_int_equal(semaphore_init(&it.semaphore, it.P, "a unit", 0), 0);
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
}

static void finish(void)
{
	assert_int_equal(coroutine_close(it.S), 0);
	parking_close(it.P);
	assert_int_equal(memory.blocks, 0);
}

static void make(int count, coroutine_func func)
{
	for (int i = 0; i < count; i++) {
		it.ids[i] = coroutine_new(it.S, func, &it.numbers[i]);
		assert_true(it.ids[i] >= 0);
	}
}

/* Resumes all of them once, in turn; how many are alive after that. */
static int resume_all(int count)
{
	int alive = 0;

	for (int i = 0; i < count; i++)
		alive += coroutine_resume(it.S, it.ids[i]) == COROUTINE_SUSPEND;
	return alive;
}

static void drive(int count)
{
	for (int round = 0; resume_all(count) > 0; round++)
		assert_true(round < 100000);
}

static void wait_once(struct schedule *S, void *ud)
{
	(void)S;
	assert_int_equal(cond_wait(&it.cond), 0);
	note("", *(int *)ud);
}

/* ---- refusals ------------------------------------------------------------ */

static void no_cond(void **state)
{
	struct cond zero, c;

	begin(state, 4);
	memset(&zero, 0, sizeof(zero));
	REFUSED(EINVAL, cond_init(NULL, it.P, "x"));
	REFUSED(EINVAL, cond_init(&c, NULL, "x"));
	REFUSED(EINVAL, cond_init(&c, it.P, NULL));
	REFUSED(EINVAL, cond_wait(NULL));
	REFUSED(EINVAL, cond_signal(NULL));
	REFUSED(EINVAL, cond_broadcast(NULL));
	REFUSED(EINVAL, cond_wait(&zero));
	REFUSED(EINVAL, cond_signal(&zero));
	REFUSED(EINVAL, cond_broadcast(&zero));
	errno = 0;
	assert_null(parking_open(NULL));
	assert_int_equal(errno, EINVAL);
	parking_close(NULL);
	finish();
}

static void no_semaphore(void **state)
{
	struct semaphore s, zero;

	begin(state, 4);
	memset(&zero, 0, sizeof(zero));
	REFUSED(EINVAL, semaphore_init(NULL, it.P, "x", 0));
	REFUSED(EINVAL, semaphore_init(&s, NULL, "x", 0));
	REFUSED(EINVAL, semaphore_init(&s, it.P, NULL, 0));
	REFUSED(EINVAL, semaphore_init(&s, it.P, "x", -1));
	REFUSED(EINVAL, semaphore_init(&s, it.P, "x", INT_MIN));
	REFUSED(EINVAL, semaphore_wait(NULL));
	REFUSED(EINVAL, semaphore_post(NULL));
	REFUSED(EINVAL, semaphore_wait(&zero));
	REFUSED(EINVAL, semaphore_post(&zero));
	finish();
}

static void waiting_outside(void **state)
{
	begin(state, 4);
	REFUSED(EPERM, cond_wait(&it.cond));
	REFUSED(EPERM, semaphore_wait(&it.semaphore));
	assert_int_equal(cond_signal(&it.cond), 0);
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	assert_int_equal(semaphore_wait(&it.semaphore), 0);
	finish();
}

/* ---- cond ---------------------------------------------------------------- */

/* main      signal(0) . . signal(1) . . .
 * waiter    . . waits . . . goes on       : the first signal is lost */
static void a_signal_before_the_wait_is_lost(void **state)
{
	begin(state, 1);
	assert_int_equal(cond_signal(&it.cond), 0);
	assert_int_equal(cond_broadcast(&it.cond), 0);
	make(1, wait_once);
	for (int i = 0; i < 5; i++)
		assert_int_equal(resume_all(1), 1);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(cond_signal(&it.cond), 0);
	assert_int_equal(resume_all(1), 0);
	assert_string_equal(it.log, "0 ");
	finish();
}

static void first_come_first_served(void **state)
{
	begin(state, 5);
	make(5, wait_once);
	assert_int_equal(resume_all(5), 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(cond_signal(&it.cond), 1);
		assert_int_equal(resume_all(5), 4 - i);
	}
	assert_string_equal(it.log, "0 1 2 3 4 ");
	assert_int_equal(cond_signal(&it.cond), 0);
	finish();
}

static void signaller(struct schedule *S, void *ud)
{
	(void)S;
	assert_int_equal(cond_signal(&it.cond), 1);
	note("after ", *(int *)ud);
}

/* A signal does not switch: the signaller's next line comes first. */
static void a_signal_does_not_switch(void **state)
{
	begin(state, 2);
	make(1, wait_once);
	assert_int_equal(resume_all(1), 1);
	it.ids[1] = coroutine_new(it.S, signaller, &it.numbers[1]);
	assert_int_equal(coroutine_resume(it.S, it.ids[1]), COROUTINE_DEAD);
	assert_string_equal(it.log, "after 1 ");
	drive(1);
	assert_string_equal(it.log, "after 1 0 ");
	finish();
}

static void wait_twice(struct schedule *S, void *ud)
{
	wait_once(S, ud);
	wait_once(S, ud);
}

/* A broadcast wakes those who wait now; who waits again waits for the next. */
static void broadcast(void **state)
{
	begin(state, 4);
	make(4, wait_twice);
	assert_int_equal(resume_all(4), 4);
	assert_int_equal(cond_broadcast(&it.cond), 4);
	assert_int_equal(cond_broadcast(&it.cond), 0);
	assert_int_equal(resume_all(4), 4);
	assert_int_equal(resume_all(4), 4);
	assert_string_equal(it.log, "0 1 2 3 ");
	assert_int_equal(cond_broadcast(&it.cond), 4);
	assert_int_equal(resume_all(4), 0);
	assert_string_equal(it.log, "0 1 2 3 0 1 2 3 ");
	finish();
}

static void consumer(struct schedule *S, void *ud)
{
	(void)S;
	for (;;) {
		while (it.item == 0 && it.left > 0)
			assert_int_equal(cond_wait(&it.cond), 0);
		if (it.item == 0)
			return;
		it.item = 0;
		it.got[*(int *)ud]++;
	}
}

static void producer(struct schedule *S, void *ud)
{
	(void)ud;
	while (it.left > 0) {
		if (it.item == 0) {
			it.item = 1;
			it.left--;
			cond_signal(&it.cond);
		}
		assert_int_equal(coroutine_yield(S), 0);
	}
	cond_broadcast(&it.cond);
}

/* Every item reaches one consumer; whoever is late finds that in its loop. */
static void producer_and_consumers(void **state)
{
	int sum = 0;

	begin(state, 8);
	it.left = 500;
	make(7, consumer);
	it.ids[7] = coroutine_new(it.S, producer, NULL);
	drive(8);
	for (int i = 0; i < 7; i++)
		sum += it.got[i];
	assert_int_equal(sum, 500);
	assert_int_equal(it.item, 0);
	finish();
}

static void taker(struct schedule *S, void *ud)
{
	(void)S;
	while (it.item == 0) {
		assert_int_equal(cond_wait(&it.cond), 0);
		note("woken ", *(int *)ud);
	}
	it.item = 0;
	note("takes ", *(int *)ud);
}

/* main     . item, signal . . . . . .  item, signal
 * 0        waits . . . . . . woken, waits . . woken, takes
 * 1        . . . . . takes                                   */
static void another_may_take_it_first(void **state)
{
	begin(state, 2);
	make(2, taker);
	coroutine_resume(it.S, it.ids[0]);
	it.item = 1;
	cond_signal(&it.cond);
	coroutine_resume(it.S, it.ids[1]);
	assert_int_equal(coroutine_resume(it.S, it.ids[0]), COROUTINE_SUSPEND);
	it.item = 1;
	cond_signal(&it.cond);
	assert_int_equal(coroutine_resume(it.S, it.ids[0]), COROUTINE_DEAD);
	assert_string_equal(it.log, "takes 1 woken 0 woken 0 takes 0 ");
	finish();
}

static void wait_for_ever(struct schedule *S, void *ud)
{
	(void)S;
	for (;;) {
		assert_int_equal(cond_wait(&it.cond), 0);
		it.got[*(int *)ud]++;
	}
}

/* Random waits, signals and broadcasts against a line that is kept here. */
static void against_a_model(void **state)
{
	int line[MANY], waiting = 0, wanted[MANY] = { 0 };

	begin(state, MANY);
	srand(7);
	make(MANY, wait_for_ever);
	resume_all(MANY);
	for (int i = 0; i < MANY; i++)
		line[waiting++] = i;
	for (int step = 0; step < 3000 / scale() + 50; step++) {
		int count = rand() % 4 ? 1 : waiting;

		if (count == 1) {
			assert_int_equal(cond_signal(&it.cond), 1);
		} else {
			assert_int_equal(cond_broadcast(&it.cond), waiting);
		}
		for (int i = 0; i < count; i++)
			wanted[line[i]]++;
		if (count == 1 || rand() % 2) { /* back at the end */
			for (int i = 0; i < count; i++)
				coroutine_resume(it.S, it.ids[line[i]]);
			for (int i = 0; i < count; i++) {
				int who = line[0];

				memmove(line, line + 1,
					sizeof(int) * (size_t)(waiting - 1));
				line[waiting - 1] = who;
			}
		} else { /* in the order of their numbers */
			resume_all(MANY);
			for (int i = 0; i < waiting; i++)
				line[i] = i;
		}
		assert_memory_equal(it.got, wanted, sizeof(wanted));
	}
	finish();
}

/* ---- a cond needs no coroutines, only a parking -------------------------- */

/* Here a park runs the next wait inside itself, so that waits nest; the
 * innermost acts on a line that is full. */
static struct scripted {
	struct parking parking;
	struct waiter waiters[5];
	int awake[5];
	int error[5];
	int depth;
	int woken;
} script;

static struct waiter *script_self(struct parking *P)
{
	(void)P;
	return &script.waiters[script.depth];
}

static int script_wake(struct parking *P, struct waiter *who)
{
	int i = (int)(who - script.waiters);

	(void)P;
	if (script.awake[i])
		return 0;
	note("woken ", i);
	return script.awake[i] = 1;
}

static int script_park(struct parking *P, struct waiter *me, const char *what)
{
	int i = (int)(me - script.waiters);

	(void)P;
	assert_string_equal(what, "script");
	assert_int_equal(i, script.depth);
	if (++script.depth == 5) {
		script.awake[0] = script.awake[2] = script.awake[4] = 1;
		script.woken = cond_signal(&it.cond);
		note("signal ", script.woken);
		script.woken = cond_broadcast(&it.cond);
		note("broadcast ", script.woken);
	} else if (script.error[script.depth] == 0) {
		assert_int_equal(cond_wait(&it.cond), 0);
	} else {
		REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	}
	errno = script.error[i];
	return errno ? -1 : 0;
}

static void who_is_awake_is_passed_over(void **state)
{
	(void)state;
	memset(&it, 0, sizeof(it));
	memset(&script, 0, sizeof(script));
	script.parking =
		(struct parking){ script_self, script_park, script_wake };
	script.error[0] = script.error[2] = script.error[4] = ETIMEDOUT;
	cond_init(&it.cond, &script.parking, "script");
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	/* 0 was passed over, 1 took the signal; then 2 and 4, and 3 took it */
	assert_string_equal(it.log, "woken 1 signal 1 woken 3 broadcast 1 ");
	assert_null(it.cond.first);
	assert_null(it.cond.last);
}

/* One leaves from each place of the line: the first, the middle, the last. */
static int leave_park(struct parking *P, struct waiter *me, const char *what)
{
	(void)P;
	(void)what;
	if (++script.depth < 5)
		cond_wait(&it.cond);
	if (script.error[me - script.waiters]) {
		errno = ETIMEDOUT;
		return -1;
	}
	cond_broadcast(&it.cond);
	return 0;
}

static void leaving_from_any_place(void **state)
{
	(void)state;
	for (int set = 0; set < 32; set++) {
		memset(&it, 0, sizeof(it));
		memset(&script, 0, sizeof(script));
		script.parking = (struct parking){ script_self, leave_park,
						   script_wake };
		for (int i = 0; i < 5; i++)
			script.error[i] = set >> i & 1;
		cond_init(&it.cond, &script.parking, "script");
		assert_int_equal(cond_wait(&it.cond), set & 1 ? -1 : 0);
		assert_null(it.cond.first);
		assert_null(it.cond.last);
		for (int i = 0; i < 5; i++)
			assert_null(script.waiters[i].cond);
	}
}

/* ---- parking by yielding ------------------------------------------------- */

static void looks_in_vain_are_counted(void **state)
{
	begin(state, 3);
	make(3, wait_once);
	resume_all(3);
	assert_int_equal(parking_vain(it.P), 0);
	resume_all(3);
	assert_int_equal(parking_vain(it.P), 3);
	cond_signal(&it.cond);
	resume_all(3);
	assert_int_equal(parking_vain(it.P), 5);
	cond_broadcast(&it.cond);
	drive(3);
	assert_int_equal(parking_vain(it.P), 5);
	finish();
}

static void waiters_are_used_again(void **state)
{
	long blocks = 0;

	begin(state, MANY);
	for (int life = 0; life < 5; life++) {
		make(MANY, wait_once);
		resume_all(MANY);
		if (life == 0)
			blocks = memory.blocks;
		assert_int_equal(memory.blocks, blocks);
		assert_int_equal(cond_broadcast(&it.cond), MANY);
		assert_int_equal(resume_all(MANY), 0);
	}
	finish();
}

static void waking_twice(void **state)
{
	struct waiter *who;

	begin(state, 1);
	make(1, wait_once);
	resume_all(1);
	who = it.cond.first;
	assert_non_null(who);
	assert_int_equal(it.P->wake(it.P, who), 1);
	assert_int_equal(it.P->wake(it.P, who), 0);
	drive(1);
	assert_null(it.cond.first); /* it left the line by itself */
	finish();
}

static void close_with_waiters(void **state)
{
	begin(state, 10);
	make(10, wait_for_ever);
	resume_all(10);
	finish();
}

/* ---- semaphore ----------------------------------------------------------- */

static void take_one(struct schedule *S, void *ud)
{
	(void)S;
	assert_int_equal(semaphore_wait(&it.semaphore), 0);
	note("", *(int *)ud);
}

static void a_post_is_remembered(void **state)
{
	begin(state, 4);
	for (int i = 0; i < 3; i++)
		assert_int_equal(semaphore_post(&it.semaphore), 0);
	make(4, take_one);
	assert_int_equal(resume_all(4), 1);
	assert_string_equal(it.log, "0 1 2 ");
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	drive(4);
	assert_int_equal(it.semaphore.units, 0);
	finish();
}

/* main  . . post . . . post
 * 0     waits . . . . has it
 * 1     . . . . waits . . . . has it : it cannot overtake */
static void a_unit_is_handed_over(void **state)
{
	begin(state, 2);
	make(2, take_one);
	coroutine_resume(it.S, it.ids[0]);
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	assert_int_equal(it.semaphore.units, 0);
	assert_int_equal(coroutine_resume(it.S, it.ids[1]), COROUTINE_SUSPEND);
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	coroutine_resume(it.S, it.ids[1]);
	coroutine_resume(it.S, it.ids[0]);
	assert_string_equal(it.log, "1 0 ");
	assert_int_equal(it.semaphore.units, 0);
	finish();
}

static void units_at_their_bounds(void **state)
{
	begin(state, 1);
	assert_int_equal(semaphore_init(&it.semaphore, it.P, "x", INT_MAX), 0);
	REFUSED(EOVERFLOW, semaphore_post(&it.semaphore));
	assert_int_equal(semaphore_wait(&it.semaphore), 0);
	assert_int_equal(semaphore_post(&it.semaphore), 0);
	assert_int_equal(it.semaphore.units, INT_MAX);
	finish();
}

static void guarded(struct schedule *S, void *ud)
{
	(void)ud;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(semaphore_wait(&it.semaphore), 0);
		assert_true(++it.item <= 3);
		for (int j = 0; j < 3; j++)
			assert_int_equal(coroutine_yield(S), 0);
		it.item--;
		assert_int_equal(semaphore_post(&it.semaphore), 0);
	}
	it.left++;
}

static void never_more_than_three_inside(void **state)
{
	begin(state, 20);
	semaphore_init(&it.semaphore, it.P, "a place", 3);
	make(20, guarded);
	drive(20);
	assert_int_equal(it.left, 20);
	assert_int_equal(it.semaphore.units, 3);
	finish();
}

/* ---- allocations that fail ----------------------------------------------- */

static void wait_or_be_told(struct schedule *S, void *ud)
{
	(void)S;
	errno = 0;
	if (cond_wait(&it.cond) == 0) {
		it.got[*(int *)ud] = 1;
		return;
	}
	assert_int_equal(errno, ENOMEM);
	it.got[*(int *)ud] = -1;
}

/* Three wait; who is told that there is no memory is in no line. */
static int three_wait(void **state)
{
	int well = 0;

	memset(&it, 0, sizeof(it));
	it.S = open_under(state, 3);
	if (it.S == NULL)
		return 0;
	it.P = parking_open(it.S);
	if (it.P == NULL) {
		coroutine_close(it.S);
		return 0;
	}
	cond_init(&it.cond, it.P, "news");
	for (int i = 0; i < 3; i++)
		it.numbers[i] = i;
	make(3, wait_or_be_told);
	well = resume_all(3);
	assert_int_equal(cond_broadcast(&it.cond), well);
	drive(3);
	for (int i = 0; i < 3; i++)
		assert_int_not_equal(it.got[i], 0);
	coroutine_close(it.S);
	parking_close(it.P);
	return well == 3;
}

static void allocations_fail(void **state)
{
	each_allocation_fails(three_wait, state);
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("no cond", no_cond),
		ONCE("no semaphore", no_semaphore),
		EACH("waiting outside", waiting_outside),
		EACH("a signal before the wait is lost",
		     a_signal_before_the_wait_is_lost),
		EACH("first come, first served", first_come_first_served),
		EACH("a signal does not switch", a_signal_does_not_switch),
		EACH("broadcast", broadcast),
		EACH("producer and consumers", producer_and_consumers),
		EACH("another may take it first", another_may_take_it_first),
		EACH("random signals against a model", against_a_model),
		ONCE("who is awake is passed over",
		     who_is_awake_is_passed_over),
		ONCE("leaving from any place", leaving_from_any_place),
		EACH("looks in vain are counted", looks_in_vain_are_counted),
		EACH("waiters are used again", waiters_are_used_again),
		EACH("waking twice", waking_twice),
		EACH("close with waiters", close_with_waiters),
		EACH("a post is remembered", a_post_is_remembered),
		EACH("a unit is handed over", a_unit_is_handed_over),
		ONCE("units at their bounds", units_at_their_bounds),
		EACH("never more than three inside",
		     never_more_than_three_inside),
		EACH("every allocation fails in turn", allocations_fail),
	};

	return run_entries("cond", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
