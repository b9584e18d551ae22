/* The promises of lesson 09: the ready queue and its rounds, join, park and
 * wake, the report of a deadlock; and the conds of lesson 07 on it.
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

enum { MANY = 64 };

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct dispatcher *D;
	struct cond cond, other;
	struct semaphore semaphore;
	char log[8192];
	int numbers[MANY];
	int ids[MANY];
	int count;
	int done;
	int asked;
	int waited;
	int generator;
} it;

/* Every move of every test, to be compared with the table at the end. */
static long moves[DISPATCHER_STATES][DISPATCHER_STATES];

static void count_move(void *ud, struct dispatcher *D, int id, int from, int to)
{
	assert_ptr_equal(ud, &it);
	assert_ptr_equal(D, it.D);
	assert_true(id >= 0);
	assert_non_null(dispatcher_event(from, to));
	moves[from][to]++;
}

static void note(const char *words, int number)
{
	size_t end = strlen(it.log);

	snprintf(it.log + end, sizeof(it.log) - end, "%s%d ", words, number);
}

static struct dispatcher *open_dispatcher(void **state, int slots)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { slots, STACK, setting->stacks };

	if (options.stacks == 0 || options.stacks > slots)
		options.stacks = slots;
	return dispatcher_open(&options);
}

static void begin(void **state, int slots)
{
	memset(&it, 0, sizeof(it));
	memory.blocks = 0; /* whatever a failed test has left */
	it.D = open_dispatcher(state, slots);
	assert_non_null(it.D);
	assert_int_equal(dispatcher_trace(it.D, count_move, &it), 0);
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	cond_init(&it.other, dispatcher_parking(it.D), "more news");
	semaphore_init(&it.semaphore, dispatcher_parking(it.D), "a unit", 0);
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
}

static void finish(void)
{
	assert_int_equal(dispatcher_close(it.D), 0);
	assert_int_equal(memory.blocks, 0);
}

/* Makes a coroutine of a number, named after it: "A" is 0. */
static int spawn(int number, dispatcher_func func)
{
	char name[2] = { (char)('A' + number), '\0' };
	int id = dispatcher_spawn(it.D, name, func, &it.numbers[number]);

	assert_true(id >= 0);
	it.ids[number] = id;
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_READY);
	return id;
}

static void spawn_detached(int number, dispatcher_func func)
{
	assert_int_equal(dispatcher_detach(it.D, spawn(number, func)), 0);
}

/* The deadlock is found; its report is not for this test's eyes. */
static void runs_into_deadlock(void)
{
	int alive;

	do
		alive = dispatcher_round(it.D, 1);
	while (alive > 0);
	assert_int_equal(alive, -1);
	assert_int_equal(errno, EDEADLK);
}

static void *end(struct dispatcher *D, void *ud)
{
	assert_ptr_equal(D, it.D);
	it.done++;
	return ud;
}

static void *three_turns(struct dispatcher *D, void *ud)
{
	for (int turn = 0; turn < 3; turn++) {
		note("", *(int *)ud);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(D, ud);
}

static void *wait_once(struct dispatcher *D, void *ud)
{
	assert_int_equal(cond_wait(&it.cond), 0);
	note("", *(int *)ud);
	return end(D, ud);
}

/* ---- refusals ------------------------------------------------------------ */

static void no_dispatcher(void **state)
{
	(void)state;
	REFUSED(EINVAL, dispatcher_run(NULL));
	REFUSED(EINVAL, dispatcher_round(NULL, 0));
	REFUSED(EINVAL, dispatcher_report(NULL, stderr));
	REFUSED(EINVAL, dispatcher_spawn(NULL, "x", end, NULL));
	REFUSED(EINVAL, dispatcher_join(NULL, 0, NULL));
	REFUSED(EINVAL, dispatcher_detach(NULL, 0));
	REFUSED(EINVAL, dispatcher_yield(NULL));
	REFUSED(EINVAL, dispatcher_self(NULL));
	REFUSED(EINVAL, waiter_slots(NULL));
	REFUSED(EINVAL, dispatcher_park(NULL, DISPATCHER_ON_COND, "x"));
	REFUSED(EINVAL, dispatcher_wake(NULL, 0, 0));
	REFUSED(EINVAL, dispatcher_interrupt(NULL, 0, 0));
	REFUSED(EINVAL, dispatcher_source(NULL, NULL, NULL));
	REFUSED(EINVAL, dispatcher_interrupted(NULL, 0));
	REFUSED(EINVAL, dispatcher_trace(NULL, NULL, NULL));
	REFUSED_NULL(EINVAL, dispatcher_name(NULL, 0));
	REFUSED_NULL(EINVAL, dispatcher_parking(NULL));
	REFUSED_NULL(EINVAL, dispatcher_schedule(NULL));
	assert_int_equal(dispatcher_status(NULL, 0), DISPATCHER_GONE);
	assert_int_equal(dispatcher_close(NULL), 0);
}

static void options(void **state)
{
	struct coroutine_options wrong = { -1, 0, 0 }, few = { 3, 0, 3 };
	struct dispatcher *D;

	(void)state;
	memory.blocks = 0;
	REFUSED_NULL(EINVAL, dispatcher_open(&wrong));
	D = dispatcher_open(NULL);
	assert_int_equal(waiter_slots(D), DISPATCHER_SLOTS);
	assert_int_equal(dispatcher_run(D), 0);
	assert_int_equal(dispatcher_close(D), 0);
	D = dispatcher_open(&few);
	assert_int_equal(waiter_slots(D), 3);
	assert_non_null(dispatcher_schedule(D));
	assert_int_equal(dispatcher_close(D), 0);
	assert_int_equal(memory.blocks, 0);
}

static void ids_never_issued(void **state)
{
	static const int ids[] = { 0, 1, -1, 4, 77, INT_MAX, INT_MIN };

	begin(state, 4);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		REFUSED(ESRCH, dispatcher_join(it.D, ids[i], NULL));
		REFUSED(ESRCH, dispatcher_detach(it.D, ids[i]));
		REFUSED(ESRCH, dispatcher_wake(it.D, ids[i], 0));
		REFUSED(ESRCH, dispatcher_interrupt(it.D, ids[i], EIO));
		REFUSED_NULL(ESRCH, dispatcher_name(it.D, ids[i]));
		assert_int_equal(dispatcher_status(it.D, ids[i]),
				 DISPATCHER_GONE);
	}
	finish();
}

static void calls_from_outside(void **state)
{
	begin(state, 4);
	REFUSED(EPERM, dispatcher_yield(it.D));
	REFUSED(EPERM, dispatcher_self(it.D));
	REFUSED(EPERM, dispatcher_park(it.D, DISPATCHER_ON_TIMER, "x"));
	REFUSED(EPERM, cond_wait(&it.cond));
	REFUSED(EPERM, semaphore_wait(&it.semaphore));
	REFUSED(EINVAL, dispatcher_spawn(it.D, "x", NULL, NULL));
	REFUSED(EINVAL, dispatcher_report(it.D, NULL));
	spawn(0, end);
	REFUSED(EPERM, dispatcher_join(it.D, it.ids[0], NULL));
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(dispatcher_join(it.D, it.ids[0], NULL), 0);
	finish();
}

static void *call_from_inside(struct dispatcher *D, void *ud)
{
	REFUSED(EBUSY, dispatcher_run(D));
	REFUSED(EBUSY, dispatcher_round(D, 0));
	REFUSED(EBUSY, dispatcher_close(D));
	REFUSED(EINVAL, dispatcher_park(D, DISPATCHER_READY, "x"));
	REFUSED(EINVAL, dispatcher_park(D, DISPATCHER_INTERRUPTED, "x"));
	REFUSED(EINVAL, dispatcher_park(D, -1, "x"));
	REFUSED(EINVAL, dispatcher_park(D, DISPATCHER_STATES, "x"));
	REFUSED(EINVAL, dispatcher_park(D, DISPATCHER_ON_COND, NULL));
	assert_int_equal(dispatcher_self(D), it.ids[0]);
	assert_int_equal(dispatcher_status(D, it.ids[0]), DISPATCHER_RUNNING);
	return end(D, ud);
}

static void calls_from_inside(void **state)
{
	begin(state, 4);
	spawn_detached(0, call_from_inside);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

/* A source that tries what only the outside may do, and ends the run. */
static int meddling_news(void *ud, int wait)
{
	struct dispatcher *D = ud;

	(void)wait;
	REFUSED(EBUSY, dispatcher_round(D, 0));
	REFUSED(EBUSY, dispatcher_run(D));
	REFUSED(EBUSY, dispatcher_close(D));
	errno = ECANCELED;
	return -1;
}

static void a_source_is_inside(void **state)
{
	begin(state, 4);
	spawn_detached(0, end);
	assert_int_equal(dispatcher_source(it.D, meddling_news, it.D), 0);
	REFUSED(ECANCELED, dispatcher_run(it.D));
	assert_int_equal(it.done, 0);
	assert_int_equal(dispatcher_source(it.D, NULL, NULL), 0);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 1);
	finish();
}

static void meddling_tracer(void *ud, struct dispatcher *D, int id, int from,
			    int to)
{
	(void)id;
	(void)from;
	(void)to;
	++*(int *)ud;
	REFUSED(EBUSY, dispatcher_round(D, 0));
	REFUSED(EBUSY, dispatcher_close(D));
}

static void a_tracer_is_inside(void **state)
{
	static int calls;

	begin(state, 4);
	calls = 0;
	assert_int_equal(dispatcher_trace(it.D, meddling_tracer, &calls), 0);
	spawn_detached(0, end);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(calls, 3);
	assert_int_equal(dispatcher_trace(it.D, NULL, NULL), 0);
	finish();
}

/* ---- the queue and its rounds -------------------------------------------- */

static void first_in_first_out(void **state)
{
	begin(state, 4);
	for (int i = 0; i < 4; i++)
		spawn_detached(i, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0 1 2 3 0 1 2 3 0 1 2 3 ");
	assert_int_equal(it.done, 4);
	finish();
}

static void *parent(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	note("", me);
	if (me < 10)
		spawn_detached(me + 1, parent);
	return end(D, ud);
}

/* Who becomes ready in a round runs in the next. */
static void a_round_runs_who_was_ready(void **state)
{
	begin(state, 16);
	spawn_detached(0, parent);
	spawn_detached(20, three_turns);
	for (int alive = 2; alive > 0; it.count++) {
		note("| ", it.count);
		alive = dispatcher_round(it.D, 0);
		assert_true(alive >= 0);
	}
	assert_memory_equal(it.log, "| 0 0 20 | 1 1 20 | 2 2 20 | 3 3 | 4 4 ",
			    39);
	assert_int_equal(it.count, 11);
	finish();
}

static int count_news(void *ud, int wait)
{
	assert_ptr_equal(ud, &it);
	it.asked++;
	it.waited += wait;
	return 1;
}

static void *ping_pong(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	while (it.asked < 100) {
		cond_signal(me ? &it.cond : &it.other);
		assert_int_equal(cond_wait(me ? &it.other : &it.cond), 0);
	}
	cond_signal(me ? &it.cond : &it.other);
	return end(D, ud);
}

/* Two that keep waking each other: the outside is asked in every round, and a
 * third one gets its turns. */
static void mutual_signallers_starve_nobody(void **state)
{
	begin(state, 3);
	dispatcher_source(it.D, count_news, &it);
	spawn_detached(0, ping_pong);
	spawn_detached(1, ping_pong);
	spawn_detached(2, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 3);
	assert_string_equal(it.log, "2 2 2 ");
	assert_int_equal(it.waited, 0);
	assert_true(it.asked >= 100 && it.asked < 110);
	finish();
}

static void *bare_yield(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		assert_int_equal(coroutine_yield(dispatcher_schedule(D)), 0);
		note("bare ", *(int *)ud);
	}
	assert_int_equal(dispatcher_self(D), it.ids[*(int *)ud]);
	return end(D, ud);
}

static void a_bare_yield_comes_back(void **state)
{
	begin(state, 3);
	spawn_detached(0, three_turns);
	spawn_detached(1, bare_yield);
	spawn_detached(2, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0 bare 1 bare 1 bare 1 2 0 2 0 2 ");
	finish();
}

/* ---- generators ---------------------------------------------------------- */

static void generate(struct schedule *S, void *ud)
{
	(void)ud;
	REFUSED(EPERM, dispatcher_yield(it.D));
	REFUSED(EPERM, dispatcher_self(it.D));
	REFUSED(EPERM, dispatcher_park(it.D, DISPATCHER_ON_COND, "x"));
	REFUSED(EPERM, cond_wait(&it.cond));
	REFUSED(EPERM, dispatcher_join(it.D, it.ids[2], NULL));
	REFUSED(EBUSY, dispatcher_run(it.D));
	for (int i = 1; i <= 3; i++)
		coroutine_yield_with(S, &it.numbers[i]);
}

static void *use_a_generator(struct dispatcher *D, void *ud)
{
	struct schedule *S = dispatcher_schedule(D);
	int id = coroutine_new(S, generate, NULL);

	assert_true(id >= 0);
	while (coroutine_resume(S, id) == COROUTINE_SUSPEND) {
		note("", *(int *)coroutine_value(S));
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(D, ud);
}

static void generators(void **state)
{
	begin(state, 6);
	spawn_detached(0, use_a_generator);
	spawn(1, use_a_generator);
	spawn(2, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "1 1 2 2 2 2 3 3 2 ");
	assert_int_equal(it.done, 3);
	assert_int_equal(dispatcher_join(it.D, it.ids[1], NULL), 0);
	assert_int_equal(dispatcher_join(it.D, it.ids[2], NULL), 0);
	finish();
}

/* A generator takes a slot of the schedule too. */
static void *fill_the_schedule(struct dispatcher *D, void *ud)
{
	struct schedule *S = dispatcher_schedule(D);
	int id = coroutine_new(S, generate, NULL);

	assert_true(id >= 0);
	REFUSED(EAGAIN, dispatcher_spawn(D, "x", end, NULL));
	return end(D, ud);
}

static void a_generator_takes_a_slot(void **state)
{
	begin(state, 2);
	spawn_detached(0, fill_the_schedule);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

static void *park_and_tell(struct dispatcher *D, void *ud)
{
	it.generator = coroutine_running(dispatcher_schedule(D));
	note("parks ", *(int *)ud);
	assert_int_equal(cond_wait(&it.cond), 0);
	note("woken ", *(int *)ud);
	return end(D, ud);
}

static void *resume_a_parked_one(struct dispatcher *D, void *ud)
{
	struct schedule *S = dispatcher_schedule(D);

	for (int i = 0; i < 3; i++)
		assert_int_equal(coroutine_resume(S, it.generator),
				 COROUTINE_SUSPEND);
	assert_int_equal(dispatcher_self(D), it.ids[1]);
	assert_int_equal(dispatcher_status(D, it.ids[0]), DISPATCHER_ON_COND);
	note("signals ", cond_signal(&it.cond));
	return end(D, ud);
}

/* Resumed by somebody who is not the dispatcher, a parked one sleeps on. */
static void resumed_by_hand(void **state)
{
	begin(state, 4);
	spawn_detached(0, park_and_tell);
	spawn_detached(1, resume_a_parked_one);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "parks 0 signals 1 woken 0 ");
	finish();
}

/* ---- join ---------------------------------------------------------------- */

static void *join_first(struct dispatcher *D, void *ud)
{
	void *result = NULL;

	assert_int_equal(dispatcher_join(D, it.ids[0], &result), 0);
	assert_ptr_equal(result, &it.numbers[0]);
	REFUSED(ESRCH, dispatcher_join(D, it.ids[0], &result));
	REFUSED(ESRCH, dispatcher_detach(D, it.ids[0]));
	assert_int_equal(dispatcher_status(D, it.ids[0]), DISPATCHER_GONE);
	note("joined by ", *(int *)ud);
	return end(D, ud);
}

static void *yield_and_join(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(dispatcher_status(D, it.ids[0]), DISPATCHER_ENDED);
	assert_string_equal(dispatcher_name(D, it.ids[0]), "A");
	return join_first(D, ud);
}

static void join_before_and_after_the_end(void **state)
{
	begin(state, 4);
	spawn(0, three_turns);
	spawn_detached(1, join_first);
	assert_int_equal(dispatcher_run(it.D), 0);
	spawn(0, end);
	spawn_detached(1, yield_and_join);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0 0 0 joined by 1 joined by 1 ");
	finish();
}

static void *join_self(struct dispatcher *D, void *ud)
{
	REFUSED(EDEADLK, dispatcher_join(D, dispatcher_self(D), NULL));
	REFUSED(ESRCH, dispatcher_join(D, it.ids[5], NULL));
	return end(D, ud);
}

static void join_of_self_and_of_detached(void **state)
{
	begin(state, 4);
	spawn_detached(5, three_turns);
	REFUSED(ESRCH, dispatcher_detach(it.D, it.ids[5]));
	spawn(0, join_self);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(dispatcher_join(it.D, it.ids[0], NULL), 0);
	REFUSED(ESRCH, dispatcher_join(it.D, it.ids[0], NULL));
	finish();
}

static void *join_second(struct dispatcher *D, void *ud)
{
	REFUSED(EBUSY, dispatcher_join(D, it.ids[0], NULL));
	REFUSED(EBUSY, dispatcher_detach(D, it.ids[0]));
	return end(D, ud);
}

static void one_joiner_at_a_time(void **state)
{
	begin(state, 4);
	spawn(0, three_turns);
	spawn_detached(1, join_first);
	spawn_detached(2, join_second);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 3);
	finish();
}

static void *join_and_be_interrupted(struct dispatcher *D, void *ud)
{
	REFUSED(ECANCELED, dispatcher_join(D, it.ids[0], NULL));
	return join_first(D, ud);
}

static void *interrupt_second(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_status(D, it.ids[1]), DISPATCHER_ON_JOIN);
	assert_int_equal(dispatcher_wake(D, it.ids[1], ECANCELED), 1);
	assert_int_equal(dispatcher_wake(D, it.ids[1], 0), 0);
	return end(D, ud);
}

static void *wake_second_early(struct dispatcher *D, void *ud)
{
	assert_int_equal(dispatcher_wake(D, it.ids[1], 0), 1);
	return end(D, ud);
}

/* A join that was interrupted has taken nothing: join again. One that is woken
 * before the end waits on. */
static void a_join_interrupted(void **state)
{
	begin(state, 5);
	spawn(0, three_turns);
	spawn_detached(1, join_and_be_interrupted);
	spawn_detached(2, interrupt_second);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 3);
	spawn(0, three_turns);
	spawn_detached(1, join_first);
	spawn_detached(2, wake_second_early);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 6);
	finish();
}

static void detach_at_any_time(void **state)
{
	begin(state, 2);
	spawn_detached(0, end);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(dispatcher_status(it.D, it.ids[0]), DISPATCHER_GONE);
	spawn(0, end);
	spawn(1, end);
	assert_int_equal(dispatcher_run(it.D), 0);
	REFUSED(EAGAIN, dispatcher_spawn(it.D, "x", end, NULL));
	assert_int_equal(dispatcher_detach(it.D, it.ids[1]), 0);
	REFUSED(ESRCH, dispatcher_detach(it.D, it.ids[1]));
	REFUSED(ESRCH, dispatcher_join(it.D, it.ids[1], NULL));
	spawn(1, end);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

static void *sum(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;
	void *result;

	if (me == 0)
		return &it.numbers[0];
	assert_int_equal(dispatcher_join(D, it.ids[me - 1], &result), 0);
	assert_ptr_equal(result, &it.numbers[me - 1]);
	return end(D, ud);
}

/* Each joins the one before it; the first to run joins all but itself. */
static void a_chain_of_joins(void **state)
{
	void *result;

	begin(state, MANY);
	for (int i = MANY - 1; i >= 0; i--)
		spawn(i, sum);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(dispatcher_join(it.D, it.ids[MANY - 1], &result), 0);
	assert_ptr_equal(result, &it.numbers[MANY - 1]);
	assert_int_equal(it.done, MANY - 1);
	finish();
}

/* ---- slots, ids, names --------------------------------------------------- */

static void stale_ids(void **state)
{
	int old = -1;

	begin(state, 2);
	for (int life = 0; life < 1000 / scale() + 20; life++) {
		spawn(0, end);
		assert_int_not_equal(it.ids[0], old);
		if (old != -1) {
			assert_int_equal(dispatcher_status(it.D, old),
					 DISPATCHER_GONE);
			REFUSED(ESRCH, dispatcher_wake(it.D, old, 0));
		}
		old = it.ids[0];
		assert_int_equal(dispatcher_run(it.D), 0);
		assert_int_equal(dispatcher_join(it.D, old, NULL), 0);
	}
	finish();
}

/* After the last int the ids of a slot begin again. */
static void ids_begin_again(void **state)
{
	static struct setting one = { 1, "" };
	void *setting = &one;
	int slots = COROUTINE_SLOTS_MAX, last = -slots;

	(void)state;
	if (scale() > 1)
		return; /* gigabytes, if only untouched ones */
	memset(&it, 0, sizeof(it));
	memory.blocks = 0;
	it.D = open_dispatcher(&setting, slots);
	if (it.D == NULL)
		return; /* a small machine */
	for (int life = 0; life < 128; life++) {
		spawn(0, end);
		assert_int_equal(it.ids[0], last + slots);
		last = it.ids[0];
		assert_int_equal(dispatcher_run(it.D), 0);
		assert_int_equal(dispatcher_join(it.D, last, NULL), 0);
	}
	spawn(0, end);
	assert_int_equal(it.ids[0], 0);
	finish();
}

static void every_slot_taken(void **state)
{
	begin(state, 3);
	for (int i = 0; i < 3; i++)
		spawn(i, end);
	REFUSED(EAGAIN, dispatcher_spawn(it.D, "x", end, NULL));
	assert_int_equal(dispatcher_run(it.D), 0);
	REFUSED(EAGAIN, dispatcher_spawn(it.D, "x", end, NULL));
	assert_int_equal(dispatcher_join(it.D, it.ids[1], NULL), 0);
	spawn(4, end);
	REFUSED(EAGAIN, dispatcher_spawn(it.D, "x", end, NULL));
	assert_int_equal(it.ids[4] % 3, it.ids[1] % 3);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

static void names(void **state)
{
	char longer[100], name[3] = "ab";
	int id;

	begin(state, 3);
	memset(longer, 'x', sizeof(longer));
	longer[99] = '\0';
	id = dispatcher_spawn(it.D, name, end, NULL);
	memset(name, 'z', 2); /* it was copied */
	assert_string_equal(dispatcher_name(it.D, id), "ab");
	id = dispatcher_spawn(it.D, longer, end, NULL);
	assert_int_equal(strlen(dispatcher_name(it.D, id)),
			 DISPATCHER_NAME - 1);
	id = dispatcher_spawn(it.D, NULL, end, NULL);
	assert_string_equal(dispatcher_name(it.D, id), "");
	finish();
}

/* ---- park, wake, interrupt ----------------------------------------------- */

static void *park_three_times(struct dispatcher *D, void *ud)
{
	static const int ways[] = { DISPATCHER_ON_TIMER, DISPATCHER_ON_COND,
				    DISPATCHER_ON_DESCRIPTOR };

	for (int i = 0; i < 3; i++) {
		errno = 0;
		if (dispatcher_park(D, ways[i], "x") == 0)
			note("well ", i);
		else
			note("errno ", errno == EIO ? 1 : errno);
	}
	return end(D, ud);
}

static void wake_from_outside(void **state)
{
	int id;

	begin(state, 1);
	spawn(0, park_three_times);
	id = it.ids[0];
	assert_int_equal(dispatcher_wake(it.D, id, 0), 0); /* READY */
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_ON_TIMER);
	assert_int_equal(dispatcher_wake(it.D, id, 0), 1);
	assert_int_equal(dispatcher_wake(it.D, id, EIO), 0);
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_READY);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_ON_COND);
	assert_int_equal(dispatcher_wake(it.D, id, EIO), 1);
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_INTERRUPTED);
	assert_int_equal(dispatcher_wake(it.D, id, 0), 0);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_status(it.D, id), DISPATCHER_ON_DESCRIPTOR);
	assert_int_equal(dispatcher_wake(it.D, id, 0), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(dispatcher_wake(it.D, id, 0), 0); /* ENDED */
	assert_string_equal(it.log, "well 0 errno 1 well 2 ");
	finish();
}

/* An interrupt lasts: the wait it stands in fails, and all that follow. */
static void an_interrupt_lasts(void **state)
{
	begin(state, 1);
	spawn(0, park_three_times);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], 0), 0);
	assert_int_equal(dispatcher_status(it.D, it.ids[0]),
			 DISPATCHER_ON_TIMER);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], EIO), 1);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], EIO), 0);
	assert_int_equal(dispatcher_round(it.D, 0), 0);
	assert_string_equal(it.log, "errno 1 errno 1 errno 1 ");
	finish();
}

/* One that is ready is not disturbed; only its next wait is. */
static void an_interrupt_of_one_who_is_ready(void **state)
{
	begin(state, 2);
	spawn(0, park_three_times);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], EIO), 0);
	assert_int_equal(dispatcher_status(it.D, it.ids[0]), DISPATCHER_READY);
	assert_int_equal(dispatcher_round(it.D, 0), 0);
	assert_string_equal(it.log, "well 0 errno 1 errno 1 ");
	it.log[0] = '\0';
	spawn(1, park_three_times);
	dispatcher_interrupt(it.D, it.ids[1], EIO);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[1], 0), 0);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_status(it.D, it.ids[1]),
			 DISPATCHER_ON_TIMER);
	finish();
}

/* ---- conds on the ready queue -------------------------------------------- */

static void *signal_all(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < it.count; i++)
		assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(cond_signal(&it.cond), 0);
	note("signalled ", it.count);
	return end(D, ud);
}

/* Many wait, and each is resumed twice in all: to start, and when woken. */
static void no_switch_is_wasted(void **state)
{
	long before = moves[DISPATCHER_READY][DISPATCHER_RUNNING];

	begin(state, MANY);
	it.count = MANY - 1;
	for (int i = 0; i < it.count; i++)
		spawn_detached(i, wait_once);
	spawn_detached(MANY - 1, signal_all);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_memory_equal(it.log, "signalled 63 0 1 2 3 ", 21);
	assert_int_equal(moves[DISPATCHER_READY][DISPATCHER_RUNNING] - before,
			 2 * MANY - 1);
	finish();
}

static void signals_from_outside(void **state)
{
	begin(state, 4);
	for (int i = 0; i < 4; i++)
		spawn_detached(i, wait_once);
	runs_into_deadlock();
	assert_int_equal(cond_signal(&it.cond), 1);
	runs_into_deadlock();
	assert_int_equal(cond_broadcast(&it.cond), 3);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0 1 2 3 ");
	finish();
}

static void *wait_and_be_interrupted(struct dispatcher *D, void *ud)
{
	REFUSED(ETIMEDOUT, cond_wait(&it.cond));
	assert_int_equal(cond_signal(&it.cond), 0);
	return end(D, ud);
}

/* A is interrupted, and a signal comes before A has run again: it goes to the
 * next in the line, and no signal is lost. */
static void a_signal_passes_over_who_is_interrupted(void **state)
{
	begin(state, 4);
	spawn_detached(0, wait_and_be_interrupted);
	spawn_detached(1, wait_once);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], ETIMEDOUT), 1);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(dispatcher_status(it.D, it.ids[1]), DISPATCHER_READY);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 2);
	finish();
}

/* Signalled first, then interrupted: the wait was signalled. */
static void an_interrupt_after_the_signal(void **state)
{
	begin(state, 4);
	spawn_detached(0, wait_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(cond_signal(&it.cond), 1);
	assert_int_equal(dispatcher_interrupt(it.D, it.ids[0], EIO), 0);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "0 ");
	finish();
}

/* Woken by dispatcher_wake() and not by the cond: it is in no line any more. */
static void woken_past_the_cond(void **state)
{
	begin(state, 2);
	spawn_detached(0, wait_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_null(it.cond.first);
	finish();
}

static void *guarded(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 5; i++) {
		assert_int_equal(semaphore_wait(&it.semaphore), 0);
		assert_true(++it.count <= 2);
		assert_int_equal(dispatcher_yield(D), 0);
		it.count--;
		assert_int_equal(semaphore_post(&it.semaphore), 0);
	}
	return end(D, ud);
}

static void semaphores(void **state)
{
	begin(state, 10);
	semaphore_post(&it.semaphore);
	semaphore_post(&it.semaphore);
	for (int i = 0; i < 10; i++)
		spawn_detached(i, guarded);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, 10);
	assert_int_equal(it.semaphore.units, 2);
	finish();
}

/* ---- deadlock ------------------------------------------------------------ */

static void *join_next(struct dispatcher *D, void *ud)
{
	int error = dispatcher_join(D, it.ids[*(int *)ud + 1], NULL);

	(void)error; /* nobody gets here */
	return ud;
}

static void *sleep_on(struct dispatcher *D, void *ud)
{
	dispatcher_park(D, DISPATCHER_ON_TIMER, "sleep");
	return ud;
}

static void *read_on(struct dispatcher *D, void *ud)
{
	dispatcher_park(D, DISPATCHER_ON_DESCRIPTOR, "5 to be readable");
	return ud;
}

static const char report[] = "  A waits for the end of \"B\"\n"
			     "  B waits for cond \"news\"\n"
			     "  C waits for timer \"sleep\"\n"
			     "  D waits for descriptor \"5 to be readable\"\n";

static void make_a_deadlock(void **state)
{
	begin(state, 6);
	spawn(0, join_next);
	spawn(1, wait_once);
	spawn(2, sleep_on);
	spawn(3, read_on);
	spawn(4, end);
}

static void is_in_file(FILE *file, const char *wanted)
{
	char text[1000];
	size_t length;

	rewind(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	assert_string_equal(text, wanted);
	fclose(file);
}

static void a_deadlock_is_reported(void **state)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	make_a_deadlock(state);
	assert_int_equal(dispatcher_report(it.D, file), 0);
	runs_into_deadlock();
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	assert_int_equal(dispatcher_round(it.D, 0), 4);
	assert_int_equal(dispatcher_report(it.D, file), 4);
	is_in_file(file, report);
	finish();
}

static void the_report_goes_to_stderr(void **state)
{
	static char wanted[500] = "deadlock: nobody is left to wake these\n";
	FILE *file = tmpfile();
	int kept, result, error;

	make_a_deadlock(state);
	fflush(stderr);
	kept = dup(2);
	dup2(fileno(file), 2);
	errno = 0;
	result = dispatcher_run(it.D);
	error = errno;
	fflush(stderr);
	dup2(kept, 2);
	close(kept);
	assert_int_equal(result, -1);
	assert_int_equal(error, EDEADLK);
	strcat(wanted, report);
	is_in_file(file, wanted);
	/* somebody outside can mend it */
	for (int i = 1; i < 4; i++)
		assert_int_equal(dispatcher_wake(it.D, it.ids[i], 0), 1);
	assert_int_equal(dispatcher_run(it.D), 0);
	finish();
}

/* ---- the source ---------------------------------------------------------- */

static int news_for_first(void *ud, int wait)
{
	assert_ptr_equal(ud, &it);
	it.asked++;
	if (!wait)
		return 1;
	it.waited++;
	if (it.waited < 3)
		return 1; /* none yet, but some may come */
	if (it.waited == 3) {
		errno = EIO;
		return -1;
	}
	if (it.waited == 4)
		dispatcher_wake(it.D, it.ids[0], 0);
	return it.waited == 4;
}

static void a_source(void **state)
{
	begin(state, 4);
	assert_int_equal(dispatcher_source(it.D, news_for_first, &it), 0);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.asked, 0); /* nobody lives, nobody asks */
	spawn_detached(0, wait_once);
	spawn_detached(1, wait_once);
	REFUSED(EIO, dispatcher_run(it.D));
	assert_int_equal(it.waited, 3);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	assert_int_equal(it.waited, 3);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	assert_int_equal(it.waited, 5);
	assert_int_equal(dispatcher_source(it.D, NULL, NULL), 0);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	finish();
}

/* ---- one dispatcher inside another --------------------------------------- */

static void *inner_turns(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++) {
		note("", *(int *)ud);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	REFUSED(EPERM, dispatcher_yield(it.D)); /* not our stack */
	return ud;
}

static void *run_another(struct dispatcher *D, void *ud)
{
	struct coroutine_options options = { 2, STACK, 1 };
	struct dispatcher *inner = dispatcher_open(&options);

	dispatcher_spawn(inner, "x", inner_turns, &it.numbers[5]);
	dispatcher_spawn(inner, "y", inner_turns, &it.numbers[6]);
	for (int alive = 2; alive > 0;) {
		alive = dispatcher_round(inner, 0);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	assert_int_equal(dispatcher_close(inner), 0);
	return end(D, ud);
}

static void a_dispatcher_in_a_coroutine(void **state)
{
	begin(state, 2);
	spawn_detached(0, run_another);
	spawn_detached(1, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_string_equal(it.log, "5 6 1 5 6 1 5 6 1 ");
	finish();
}

/* ---- many, at random ----------------------------------------------------- */

static void *live_at_random(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud, turns = 20 + rand() % 20;
	volatile char depth[64];

	memset((char *)depth, me, sizeof(depth));
	for (int i = 0; i < turns; i++) {
		int before = it.numbers[me];
		int way = rand() % 4;

		it.count++; /* who can still wake others */
		if (way == 0 && it.count > it.waited + 1 && me != 0) {
			it.waited++;
			assert_int_equal(cond_wait(&it.cond), 0);
			it.waited--;
		} else if (way == 1) {
			cond_signal(&it.cond);
		} else if (way == 2 && rand() % 8 == 0) {
			cond_broadcast(&it.cond);
		} else {
			assert_int_equal(dispatcher_yield(D), 0);
		}
		it.count--;
		assert_int_equal(it.numbers[me], before);
		for (size_t j = 0; j < sizeof(depth); j++)
			assert_int_equal(depth[j], me);
		assert_int_equal(dispatcher_self(D), it.ids[me]);
	}
	return end(D, ud);
}

/* Wakes all, until all others have ended; then joins them. */
static void *shepherd(struct dispatcher *D, void *ud)
{
	void *result;

	while (it.done < MANY - 1) {
		cond_broadcast(&it.cond);
		assert_int_equal(dispatcher_yield(D), 0);
	}
	for (int i = 1; i < MANY; i++) {
		assert_int_equal(dispatcher_join(D, it.ids[i], &result), 0);
		assert_ptr_equal(result, &it.numbers[i]);
	}
	return end(D, ud);
}

static void many_at_random(void **state)
{
	for (int seed = 0; seed < 20 / scale() + 2; seed++) {
		srand((unsigned)seed);
		begin(state, MANY);
		for (int i = 1; i < MANY; i++)
			spawn(i, live_at_random);
		spawn_detached(0, shepherd);
		assert_int_equal(dispatcher_run(it.D), 0);
		assert_int_equal(it.done, MANY);
		finish();
	}
}

/* ---- close, allocations, the table --------------------------------------- */

static void *park_for_ever(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	dispatcher_park(D, DISPATCHER_ON_COND + me % 4, "x");
	return ud;
}

static void close_with_everybody_alive(void **state)
{
	begin(state, 10);
	for (int i = 0; i < 8; i++)
		spawn(i, park_for_ever);
	spawn(8, end);
	assert_int_equal(dispatcher_round(it.D, 0), 8);
	assert_int_equal(dispatcher_wake(it.D, it.ids[4], EIO), 1);
	assert_int_equal(dispatcher_wake(it.D, it.ids[7], EIO), 1);
	spawn(9, end);
	finish();
}

static void *work_or_be_told(struct dispatcher *D, void *ud)
{
	int *refused = ud;

	errno = 0;
	if (dispatcher_yield(D) == -1) {
		assert_int_equal(errno, ENOMEM);
		++*refused;
	}
	errno = 0;
	if (cond_wait(&it.cond) == -1) {
		assert_int_equal(errno, ENOMEM);
		++*refused;
	}
	return ud;
}

static void *wake_all(struct dispatcher *D, void *ud)
{
	int *refused = ud;

	for (int i = 0; i < 3; i++) {
		errno = 0;
		if (dispatcher_yield(D) == -1) {
			assert_int_equal(errno, ENOMEM);
			++*refused;
		}
		cond_broadcast(&it.cond);
	}
	return ud;
}

/* Three work and one wakes them. Whoever is refused goes on and ends. */
static int four_work(void **state)
{
	static int refused;

	refused = 0;
	memset(&it, 0, sizeof(it));
	errno = 0;
	it.D = open_dispatcher(state, 4);
	if (it.D == NULL) {
		assert_int_equal(errno, ENOMEM);
		return 0;
	}
	dispatcher_trace(it.D, count_move, &it);
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	for (int i = 0; i < 3; i++)
		dispatcher_spawn(it.D, "x", work_or_be_told, &refused);
	dispatcher_spawn(it.D, "y", wake_all, &refused);
	while (dispatcher_round(it.D, 1) != 0)
		cond_broadcast(
			&it.cond); /* the waker may have been too early */
	assert_int_equal(dispatcher_close(it.D), 0);
	return refused == 0;
}

static void allocations_fail(void **state)
{
	each_allocation_fails(four_work, state);
}

/* With a stack each nothing is copied, and once open, nothing is allocated. */
static void nothing_is_allocated_after_open(void **state)
{
	static struct setting own = { 0, "" };
	void *setting = &own;

	(void)state;
	begin(&setting, MANY);
	starve(1, LONG_MAX);
	it.count = MANY - 2;
	for (int i = 0; i < it.count; i++)
		spawn_detached(i, wait_once);
	spawn_detached(MANY - 2, signal_all);
	spawn_detached(MANY - 1, three_turns);
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(memory.asked, 0);
	starve(0, 0);
	finish();
}

static void the_state_table(void **state)
{
	static const struct {
		int from, to;
		const char *event;
	} some[] = {
		{ DISPATCHER_GONE, DISPATCHER_READY, "new" },
		{ DISPATCHER_READY, DISPATCHER_RUNNING, "resume" },
		{ DISPATCHER_RUNNING, DISPATCHER_READY, "yield" },
		{ DISPATCHER_RUNNING, DISPATCHER_ENDED, "exit" },
		{ DISPATCHER_RUNNING, DISPATCHER_ON_JOIN, "join" },
		{ DISPATCHER_ON_COND, DISPATCHER_READY, "cond" },
		{ DISPATCHER_ON_COND, DISPATCHER_INTERRUPTED, "timeout" },
		{ DISPATCHER_ON_TIMER, DISPATCHER_READY, "timeout" },
		{ DISPATCHER_ON_DESCRIPTOR, DISPATCHER_READY, "socket I/O" },
		{ DISPATCHER_READY, DISPATCHER_READY, NULL },
		{ DISPATCHER_ENDED, DISPATCHER_READY, NULL },
		{ DISPATCHER_GONE, DISPATCHER_RUNNING, NULL },
		{ -1, 0, NULL },
		{ 0, DISPATCHER_STATES, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		const char *event = dispatcher_event(some[i].from, some[i].to);

		if (some[i].event)
			assert_string_equal(event, some[i].event);
		else
			assert_null(event);
	}
	assert_string_equal(dispatcher_status_name(DISPATCHER_ON_COND),
			    "ON_COND");
	assert_string_equal(dispatcher_status_name(DISPATCHER_ENDED), "ENDED");
	assert_null(dispatcher_status_name(-1));
	assert_null(dispatcher_status_name(DISPATCHER_STATES));
}

/* The last test: the others have made every move that the table has. */
static void every_move_was_made(void **state)
{
	(void)state;
	for (int from = 0; from < DISPATCHER_STATES; from++)
		for (int to = 0; to < DISPATCHER_STATES; to++)
			if (dispatcher_event(from, to) && !moves[from][to])
				fail_msg("nobody moved from %s to %s",
					 dispatcher_status_name(from),
					 dispatcher_status_name(to));
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("no dispatcher", no_dispatcher),
		ONCE("options", options),
		ONCE("ids never issued", ids_never_issued),
		EACH("calls from outside", calls_from_outside),
		EACH("calls from inside", calls_from_inside),
		EACH("a source is inside", a_source_is_inside),
		EACH("a tracer is inside", a_tracer_is_inside),
		EACH("first in, first out", first_in_first_out),
		EACH("a round runs who was ready", a_round_runs_who_was_ready),
		EACH("mutual signallers starve nobody",
		     mutual_signallers_starve_nobody),
		EACH("a bare yield comes back", a_bare_yield_comes_back),
		EACH("generators", generators),
		EACH("a generator takes a slot", a_generator_takes_a_slot),
		EACH("resumed by hand", resumed_by_hand),
		EACH("join before and after the end",
		     join_before_and_after_the_end),
		EACH("join of self and of detached",
		     join_of_self_and_of_detached),
		EACH("one joiner at a time", one_joiner_at_a_time),
		EACH("a join interrupted", a_join_interrupted),
		EACH("detach at any time", detach_at_any_time),
		EACH("a chain of joins", a_chain_of_joins),
		EACH("stale ids", stale_ids),
		ONCE("ids begin again", ids_begin_again),
		EACH("every slot taken", every_slot_taken),
		ONCE("names", names),
		EACH("wake from outside", wake_from_outside),
		EACH("an interrupt lasts", an_interrupt_lasts),
		EACH("an interrupt of one who is ready",
		     an_interrupt_of_one_who_is_ready),
		EACH("no switch is wasted", no_switch_is_wasted),
		EACH("signals from outside", signals_from_outside),
		EACH("a signal passes over who is interrupted",
		     a_signal_passes_over_who_is_interrupted),
		EACH("an interrupt after the signal",
		     an_interrupt_after_the_signal),
		EACH("woken past the cond", woken_past_the_cond),
		EACH("semaphores", semaphores),
		EACH("a deadlock is reported", a_deadlock_is_reported),
		ONCE("the report goes to stderr", the_report_goes_to_stderr),
		EACH("a source", a_source),
		EACH("a dispatcher in a coroutine",
		     a_dispatcher_in_a_coroutine),
		EACH("many at random", many_at_random),
		EACH("close with everybody alive", close_with_everybody_alive),
		EACH("every allocation fails in turn", allocations_fail),
		ONCE("nothing is allocated after open",
		     nothing_is_allocated_after_open),
		ONCE("the state table", the_state_table),
		ONCE("every move was made", every_move_was_made),
	};

	return run_entries("dispatcher", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
