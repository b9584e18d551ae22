/* The promises of lesson 08: the naive dispatcher, and what it wastes.
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
#include "../lessons/08-naive-dispatcher/naive.h"

enum { MANY = 1000 };

static struct {
	struct schedule *S;
	struct naive *N;
	struct cond conds[MANY];
	char log[4096];
	int numbers[MANY];
	int done;
	int count;
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
	it.N = naive_open(it.S);
	assert_non_null(it.N);
	for (int i = 0; i < MANY; i++) {
		it.numbers[i] = i;
		cond_init(&it.conds[i], naive_parking(it.N), "its turn");
	}
}

static void finish(void)
{
	assert_int_equal(coroutine_close(it.S), 0);
	assert_int_equal(naive_close(it.N), 0);
	assert_int_equal(memory.blocks, 0);
}

static void spawn(int count, coroutine_func func)
{
	for (int i = 0; i < count; i++)
		assert_true(naive_spawn(it.N, func, &it.numbers[i]) >= 0);
}

static void no_dispatcher(void **state)
{
	struct naive_counts counts = naive_counts(NULL);

	(void)state;
	REFUSED(EINVAL, naive_spawn(NULL, NULL, NULL));
	REFUSED(EINVAL, naive_run(NULL));
	errno = 0;
	assert_null(naive_open(NULL));
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_null(naive_parking(NULL));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(naive_close(NULL), 0);
	assert_true(counts.rounds == 0 && counts.useful == 0 &&
		    counts.wasted == 0);
}

static void three_turns(struct schedule *S, void *ud)
{
	for (int turn = 0; turn < 3; turn++) {
		note("", *(int *)ud);
		assert_int_equal(coroutine_yield(S), 0);
	}
	it.done++;
}

static void everyone_in_turn(void **state)
{
	struct naive_counts counts;

	begin(state, 3);
	assert_int_equal(naive_run(it.N), 0);
	spawn(3, three_turns);
	REFUSED(EAGAIN, naive_spawn(it.N, three_turns, NULL));
	assert_int_equal(naive_run(it.N), 0);
	assert_string_equal(it.log, "0 1 2 0 1 2 0 1 2 ");
	assert_int_equal(it.done, 3);
	counts = naive_counts(it.N);
	assert_int_equal(counts.rounds, 4);
	assert_int_equal(counts.useful, 12);
	assert_int_equal(counts.wasted, 0);
	REFUSED(EINVAL, naive_spawn(it.N, NULL, NULL));
	assert_int_equal(naive_run(it.N), 0);
	finish();
}

static void some_turns(struct schedule *S, void *ud)
{
	for (int turn = 0; turn <= *(int *)ud; turn++) {
		note("", *(int *)ud);
		assert_int_equal(coroutine_yield(S), 0);
	}
}

/* Who ends is struck out, and nobody behind it misses a turn. */
static void they_end_one_by_one(void **state)
{
	begin(state, 4);
	spawn(4, some_turns);
	assert_int_equal(naive_run(it.N), 0);
	assert_string_equal(it.log, "0 1 2 3 1 2 3 2 3 3 ");
	finish();
}

static void have_a_child(struct schedule *S, void *ud)
{
	note("parent ", *(int *)ud);
	it.count++;
	if (it.count < 5)
		assert_true(naive_spawn(it.N, have_a_child, ud) >= 0);
	assert_int_equal(coroutine_yield(S), 0);
	it.done++;
}

static void spawned_in_a_round(void **state)
{
	begin(state, 5);
	spawn(1, have_a_child);
	assert_int_equal(naive_run(it.N), 0);
	assert_int_equal(it.done, 5);
	assert_int_equal(naive_counts(it.N).rounds, 6);
	finish();
}

static void call_from_inside(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	REFUSED(EBUSY, naive_run(it.N));
	REFUSED(EBUSY, naive_close(it.N));
	it.done++;
}

static void calls_from_inside(void **state)
{
	int id;

	begin(state, 2);
	spawn(1, call_from_inside);
	assert_int_equal(naive_run(it.N), 0);
	id = coroutine_new(it.S, call_from_inside, NULL);
	naive_close(it.N);
	it.N = naive_open(it.S);
	assert_int_equal(it.done, 1);
	assert_int_equal(coroutine_status(it.S, id), COROUTINE_READY);
	finish();
}

/* ---- waiting ------------------------------------------------------------- */

static void wait_for_my_turn(struct schedule *S, void *ud)
{
	(void)S;
	assert_int_equal(cond_wait(&it.conds[*(int *)ud]), 0);
	it.done++;
}

/* One event in each round, for the one who waits longest. */
static void ring_each(struct schedule *S, void *ud)
{
	(void)ud;
	for (int i = 0; i < it.count; i++) {
		assert_int_equal(cond_signal(&it.conds[i]), 1);
		assert_int_equal(coroutine_yield(S), 0);
	}
}

/* n waiters and n events: each event costs a look of everyone who still waits.
 * In round r the waiters 0 .. r - 1 are through, the one of the round before
 * goes on, and the others look in vain: n - 1 + n - 2 + ... + 0. */
static void waste_grows_with_waiters(void **state)
{
	static const int sizes[] = { 1, 10, 100, 1000 };
	struct naive_counts counts;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int n = sizes[i];

		if (n > 10 && n > MANY / scale())
			break;
		begin(state, n + 1);
		it.count = n;
		spawn(n, wait_for_my_turn);
		assert_true(naive_spawn(it.N, ring_each, NULL) >= 0);
		assert_int_equal(naive_run(it.N), 0);
		assert_int_equal(it.done, n);
		counts = naive_counts(it.N);
		assert_int_equal(counts.useful, 3 * n + 1);
		assert_int_equal(counts.wasted, n * (n - 1) / 2);
		finish();
	}
}

static void nobody_can_wake_them(void **state)
{
	begin(state, 3);
	it.count = 3;
	spawn(3, wait_for_my_turn);
	REFUSED(EDEADLK, naive_run(it.N));
	REFUSED(EDEADLK, naive_run(it.N));
	assert_int_equal(cond_signal(&it.conds[1]), 1);
	REFUSED(EDEADLK, naive_run(it.N));
	assert_int_equal(it.done, 1);
	assert_int_equal(cond_signal(&it.conds[0]), 1);
	assert_int_equal(cond_signal(&it.conds[2]), 1);
	assert_int_equal(naive_run(it.N), 0);
	assert_int_equal(it.done, 3);
	finish();
}

static void close_with_waiters(void **state)
{
	begin(state, 3);
	spawn(3, wait_for_my_turn);
	REFUSED(EDEADLK, naive_run(it.N));
	finish();
}

/* Two that keep signalling each other, and one that wants three turns. */
static void ping_pong(struct schedule *S, void *ud)
{
	int me = *(int *)ud;

	(void)S;
	for (int i = 0; i < 20; i++) {
		cond_signal(&it.conds[1 - me]);
		assert_int_equal(cond_wait(&it.conds[me]), 0);
	}
	it.done++;
	cond_signal(&it.conds[1 - me]);
}

static void pairs_starve_nobody(void **state)
{
	begin(state, 3);
	spawn(2, ping_pong);
	assert_true(naive_spawn(it.N, three_turns, &it.numbers[2]) >= 0);
	assert_int_equal(naive_run(it.N), 0);
	assert_int_equal(it.done, 3);
	assert_string_equal(it.log, "2 2 2 ");
	finish();
}

/* ---- allocations that fail ----------------------------------------------- */

static void quiet(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield(S); /* ENOMEM or not */
	it.done++;
}

static int twenty_live(void **state)
{
	int made = 0;

	memset(&it, 0, sizeof(it));
	it.S = open_under(state, 20);
	if (it.S == NULL)
		return 0;
	it.N = naive_open(it.S);
	for (int i = 0; it.N && i < 20; i++) {
		errno = 0;
		if (naive_spawn(it.N, quiet, NULL) >= 0)
			made++;
		else
			assert_int_equal(errno, ENOMEM);
	}
	if (it.N) {
		assert_int_equal(naive_run(it.N), 0);
		assert_int_equal(it.done, made);
	}
	assert_int_equal(coroutine_close(it.S), 0);
	naive_close(it.N);
	return made == 20;
}

static void allocations_fail(void **state)
{
	each_allocation_fails(twenty_live, state);
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("no dispatcher", no_dispatcher),
		EACH("everyone in turn", everyone_in_turn),
		EACH("they end one by one", they_end_one_by_one),
		EACH("spawned in a round", spawned_in_a_round),
		EACH("calls from inside", calls_from_inside),
		EACH("waste grows with waiters", waste_grows_with_waiters),
		EACH("nobody can wake them", nobody_can_wake_them),
		EACH("close with waiters", close_with_waiters),
		EACH("pairs starve nobody", pairs_starve_nobody),
		EACH("every allocation fails in turn", allocations_fail),
	};

	return run_entries("naive", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
