/* The promises of coroutine.h one by one: opening and closing, ids, values, the
 * trace, and what a coroutine finds again after a yield. Who runs when is in
 * switch_test.c, what is large or deadly in limits_test.c. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"

#include <alloca.h>
#include <errno.h>
#include <fenv.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>

/* glibc's contexts hold the rounding mode, except on MIPS. On 32-bit POWER its
 * fegetround has an instruction that qemu does not know. */
#if defined(FE_UPWARD) && defined(FE_DOWNWARD) && defined(FE_TOWARDZERO) && \
	!defined(__mips__) &&                                               \
	(!defined(__powerpc__) || defined(__powerpc64__))
#define ROUNDING_KEPT
#endif

enum { RECORD = 4000 };

#define OPEN_REFUSED(error, options) \
	REFUSED_NULL(error, coroutine_open_with(options))

static void end(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

static void yield_once(struct schedule *S, void *ud)
{
	(void)ud;
	assert_int_equal(coroutine_yield(S), 0);
}

static void yield_for_ever(struct schedule *S, void *ud)
{
	(void)ud;
	for (;;)
		assert_int_equal(coroutine_yield(S), 0);
}

static int make(struct schedule *S, coroutine_func func, void *ud)
{
	int id = coroutine_new(S, func, ud);

	assert_true(id >= 0);
	assert_int_equal(coroutine_status(S, id), COROUTINE_READY);
	return id;
}

/* ---- opening and closing ------------------------------------------------- */

static void constants(void **state)
{
	char version[40];

	(void)state;
	assert_int_equal(COROUTINE_DEAD, 0);
	assert_int_equal(COROUTINE_READY, 1);
	assert_int_equal(COROUTINE_RUNNING, 2);
	assert_int_equal(COROUTINE_SUSPEND, 3);
	assert_int_equal(COROUTINE_NORMAL, 4);
	assert_int_equal(COROUTINE_STATES, 5);
	snprintf(version, sizeof(version), "%d.%d.%d", COROUTINE_VERSION_MAJOR,
		 COROUTINE_VERSION_MINOR, COROUTINE_VERSION_PATCH);
	assert_string_equal(version, COROUTINE_VERSION);
	assert_int_equal(COROUTINE_SLOTS, 65536);
	assert_int_equal(COROUTINE_STACK_SIZE, 1048576);
}

/* Takes every slot, is refused one more, and closes. */
static void fill_and_close(struct schedule *S, int slots)
{
	int i;

	assert_non_null(S);
	for (i = 0; i < slots; i++)
		assert_int_equal(coroutine_new(S, end, NULL), i);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	assert_int_equal(coroutine_resume(S, slots - 1), COROUTINE_DEAD);
	assert_true(coroutine_new(S, end, NULL) >= 0);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	assert_int_equal(coroutine_close(S), 0);
}

static void defaults(void **state)
{
	struct coroutine_options zero = { 0, 0, 0 };

	(void)state;
	fill_and_close(coroutine_open(), COROUTINE_SLOTS);
	fill_and_close(coroutine_open_with(NULL), COROUTINE_SLOTS);
	fill_and_close(coroutine_open_with(&zero), COROUTINE_SLOTS);
}

static void options_at_their_bounds(void **state)
{
	struct coroutine_options one = { 1, COROUTINE_STACK_SIZE_MIN, 1 },
				 odd = { 3, COROUTINE_STACK_SIZE_MIN + 1, 2 },
				 own = { 7, COROUTINE_STACK_SIZE_MIN, 7 },
				 pool = { 0, COROUTINE_STACK_SIZE_MIN, 5 };

	(void)state;
	fill_and_close(coroutine_open_with(&one), 1);
	fill_and_close(coroutine_open_with(&odd), 3);
	fill_and_close(coroutine_open_with(&own), 7);
	fill_and_close(coroutine_open_with(&pool), COROUTINE_SLOTS);
}

static void options_out_of_range(void **state)
{
	static const struct coroutine_options wrong[] = {
		{ -1, 0, 0 },
		{ INT_MIN, 0, 0 },
		{ COROUTINE_SLOTS_MAX + 1, 0, 0 },
		{ INT_MAX, 0, 0 },
		{ 10, 1, 0 },
		{ 10, COROUTINE_STACK_SIZE_MIN - 1, 0 },
		{ 10, 0, -1 },
		{ 10, 0, INT_MIN },
		{ 10, 0, 11 },
		{ 1, 0, 2 },
		{ 10, 0, INT_MAX },
		{ 0, 0, COROUTINE_SLOTS + 1 },
		{ -1, 1, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		OPEN_REFUSED(EINVAL, &wrong[i]);
}

/* Sums and products that leave size_t must not wrap into something small. */
static void monstrous_stacks(void **state)
{
	static const size_t sizes[] = { SIZE_MAX,         SIZE_MAX - 1,
					SIZE_MAX - 4095,  SIZE_MAX - 65536,
					SIZE_MAX / 2 + 1, SIZE_MAX / 4 + 1,
					SIZE_MAX / 10 };
	struct coroutine_options options = { 4, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		options.stack_size = sizes[i];
		options.stacks = 1 + (int)(i % 4);
		errno = 0;
		assert_null(coroutine_open_with(&options));
		assert_true(errno == EINVAL || errno == ENOMEM);
	}
}

static void options_are_only_read(void **state)
{
	struct coroutine_options options = { 4, COROUTINE_STACK_SIZE_MIN + 1,
					     2 };
	struct coroutine_options zero = { 0, 0, 0 };
	struct schedule *S = coroutine_open_with(&options);

	(void)state;
	assert_non_null(S);
	assert_int_equal(options.slots, 4);
	assert_int_equal(options.stack_size, COROUTINE_STACK_SIZE_MIN + 1);
	assert_int_equal(options.stacks, 2);
	memset(&options, 0xff, sizeof(options));
	fill_and_close(S, 4);
	assert_int_equal(coroutine_close(coroutine_open_with(&zero)), 0);
	assert_int_equal(zero.slots, 0);
	assert_int_equal(zero.stack_size, 0);
	assert_int_equal(zero.stacks, 0);
}

static void no_schedule(void **state)
{
	(void)state;
	REFUSED(EINVAL, coroutine_new(NULL, end, NULL));
	REFUSED(EINVAL, coroutine_resume(NULL, 0));
	REFUSED(EINVAL, coroutine_resume_with(NULL, 0, &errno));
	REFUSED(EINVAL, coroutine_yield(NULL));
	REFUSED(EINVAL, coroutine_yield_with(NULL, &errno));
	REFUSED(EINVAL, coroutine_transfer(NULL, 0));
	REFUSED(EINVAL, coroutine_trace(NULL, NULL, NULL));
	assert_int_equal(coroutine_status(NULL, 0), COROUTINE_DEAD);
	assert_int_equal(coroutine_running(NULL), -1);
	assert_int_equal(coroutine_yieldable(NULL), 0);
	assert_null(coroutine_value(NULL));
	assert_int_equal(coroutine_close(NULL), 0);
}

static void no_schedule_inside(struct schedule *S, void *ud)
{
	int me = coroutine_running(S);

	no_schedule(NULL);
	*(int *)ud = coroutine_running(S) == me;
}

static void no_schedule_from_inside(void **state)
{
	struct schedule *S = open_under(state, 4);
	int seen = 0;

	coroutine_resume(S, make(S, no_schedule_inside, &seen));
	assert_true(seen);
	assert_int_equal(coroutine_close(S), 0);
}

/* Closing READY and SUSPEND ones, those that were callers and those that
 * stepped aside: nothing of theirs runs any more (and nothing leaks: see
 * memory_test.c, and this program under ASan and Valgrind). */
static void close_with_everybody_alive(void **state)
{
	struct schedule *S = open_under(state, 20);
	int i, id;

	for (i = 0; i < 20; i++) {
		id = make(S, yield_for_ever, NULL);
		if (i % 3)
			assert_int_equal(coroutine_resume(S, id),
					 COROUTINE_SUSPEND);
	}
	assert_int_equal(coroutine_close(S), 0);
}

/* A coroutine closes a schedule that is not its own and that has a suspended
 * coroutine, and opens another one.
 * main | r
 * A    |   opens, resumes b, closes
 * b    |           y                  */
static void close_another(struct schedule *S, void *ud)
{
	struct schedule *other = open_under((void **)ud, 3);
	int id = make(other, yield_for_ever, NULL);

	assert_int_equal(coroutine_resume(other, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_close(other), 0);
	assert_int_equal(coroutine_yield(S), 0);
	other = open_under((void **)ud, 3);
	assert_int_equal(make(other, end, NULL), 0);
	assert_int_equal(coroutine_close(other), 0);
}

static void ask_from_a_nested_one(struct schedule *S, void *ud)
{
	struct schedule *outer = (struct schedule *)ud;

	errno = 0;
	assert_int_equal(coroutine_yieldable(S), 1);
	assert_int_equal(coroutine_yieldable(outer), 0);
	assert_true(coroutine_running(outer) != -1);
	assert_int_equal(errno, 0);
	REFUSED(EPERM, coroutine_yield(outer));
	assert_int_equal(coroutine_yield(S), 0);
	assert_int_equal(coroutine_yieldable(outer), 0);
}

static void ask_from_inside(struct schedule *S, void *ud)
{
	struct schedule *inner = (struct schedule *)ud;
	int id;

	assert_int_equal(coroutine_yieldable(S), 1);
	assert_int_equal(coroutine_yieldable(inner), 0);
	id = make(inner, ask_from_a_nested_one, S);
	assert_int_equal(coroutine_resume(inner, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_yieldable(S), 1);
	assert_int_equal(coroutine_yield(S), 0);
	assert_int_equal(coroutine_resume(inner, id), COROUTINE_DEAD);
	id = make(S, yield_once, NULL); /* in the same schedule */
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_yieldable(S), 1);
}

/* Where a yield would be allowed, and where it would be refused. */
static void yieldable(void **state)
{
	struct schedule *S = open_under(state, 4),
			*inner = open_under(state, 2);
	int id = make(S, ask_from_inside, inner);

	assert_int_equal(coroutine_yieldable(S), 0);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_yieldable(S), 0);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	assert_int_equal(coroutine_yieldable(S), 0);
	assert_int_equal(coroutine_close(inner), 0);
	assert_int_equal(coroutine_close(S), 0);
}

static void a_coroutine_closes_another_schedule(void **state)
{
	struct schedule *S = open_under(state, 3);
	int id = make(S, close_another, state);

	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- the tutorial -------------------------------------------------------- */

/* What the tutorial prints; on the heap, as coroutines write it. */
struct record {
	char text[RECORD];
	size_t length;
};

static void write_down(struct record *record, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record->length +=
		(size_t)vsnprintf(record->text + record->length,
				  RECORD - record->length, format, arguments);
	va_end(arguments);
	assert_true(record->length < RECORD);
}

struct count {
	struct record *record;
	int from;
};

static void count_five(struct schedule *S, void *ud)
{
	struct count *count = (struct count *)ud;
	int i;

	for (i = 0; i < 5; i++) {
		write_down(count->record, "coroutine %d : %d\n",
			   coroutine_running(S), count->from + i);
		coroutine_yield(S);
	}
}

/* main | r   r   r   ...       five turns each
 * 0    |   y       y
 * 1    |       y               */
static void tutorial(void **state)
{
	struct record record = { "", 0 };
	struct count low = { &record, 0 }, high = { &record, 100 };
	struct schedule *S = open_under(state, 16);
	int a = coroutine_new(S, count_five, &low);
	int b = coroutine_new(S, count_five, &high);

	write_down(&record, "main start\n");
	while (coroutine_status(S, a) && coroutine_status(S, b)) {
		coroutine_resume(S, a);
		coroutine_resume(S, b);
	}
	write_down(&record, "main end\n");
	assert_int_equal(coroutine_close(S), 0);
	assert_string_equal(record.text, "main start\n"
					 "coroutine 0 : 0\ncoroutine 1 : 100\n"
					 "coroutine 0 : 1\ncoroutine 1 : 101\n"
					 "coroutine 0 : 2\ncoroutine 1 : 102\n"
					 "coroutine 0 : 3\ncoroutine 1 : 103\n"
					 "coroutine 0 : 4\ncoroutine 1 : 104\n"
					 "main end\n");
}

/* ---- ids ----------------------------------------------------------------- */

static void ids_count_from_zero(void **state)
{
	struct schedule *S = open_under(state, 3);

	assert_int_equal(coroutine_running(S), -1);
	REFUSED(EINVAL, coroutine_new(S, NULL, NULL));
	assert_int_equal(make(S, end, NULL), 0);
	REFUSED(EINVAL, coroutine_new(S, NULL, S));
	assert_int_equal(make(S, yield_once, NULL), 1);
	assert_int_equal(coroutine_resume(S, 1), COROUTINE_SUSPEND);
	assert_int_equal(make(S, end, NULL), 2);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	assert_int_equal(coroutine_status(S, 0), COROUTINE_READY);
	assert_int_equal(coroutine_status(S, 1), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_status(S, 2), COROUTINE_READY);
	assert_int_equal(coroutine_close(S), 0);
}

/* Only the living have a state, whatever number is asked. */
static void only_the_living(struct schedule *S, const int *living, int count)
{
	int id, i, alive;

	for (id = -100; id < 3000; id++) {
		alive = 0;
		for (i = 0; i < count; i++)
			alive |= living[i] == id;
		assert_int_equal(coroutine_status(S, id) != COROUTINE_DEAD,
				 alive);
		if (!alive)
			REFUSED(ESRCH, coroutine_resume(S, id));
	}
}

static void ids_never_issued(void **state)
{
	static const int wild[] = {
		INT_MIN, INT_MIN + 1, -65536, -2,    -1,          3,
		4,       8,           65535,  65536, INT_MAX - 1, INT_MAX
	};
	struct schedule *S = open_under(state, 3);
	int living[3] = { -1, -1, -1 }, round, i;
	size_t j;

	for (i = 0; i < 3; i++) {
		only_the_living(S, living, i);
		living[i] = make(S, end, NULL);
	}
	for (j = 0; j < sizeof(wild) / sizeof(wild[0]); j++) {
		assert_int_equal(coroutine_status(S, wild[j]), COROUTINE_DEAD);
		REFUSED(ESRCH, coroutine_resume(S, wild[j]));
	}
	for (round = 0; round < 20; round++) {
		i = round % 3;
		coroutine_resume(S, living[i]);
		living[i] = make(S, end, NULL);
		only_the_living(S, living, 3);
	}
	assert_int_equal(coroutine_close(S), 0);
}

enum { OLD = 50 };

struct refused_ids {
	int old[OLD];
	int tried;
};

static void refuse_old_ids(struct schedule *S, void *ud)
{
	struct refused_ids *refused = (struct refused_ids *)ud;

	for (refused->tried = 0; refused->tried < OLD; refused->tried++) {
		REFUSED(ESRCH,
			coroutine_resume(S, refused->old[refused->tried]));
		REFUSED(ESRCH,
			coroutine_transfer(S, refused->old[refused->tried]));
	}
}

/* The old ids of one slot, against every new owner of it. */
static void stale_ids(void **state)
{
	struct schedule *S = open_under(state, 1);
	struct refused_ids refused;
	int i, j, id;

	for (i = 0; i < OLD; i++) {
		id = make(S, i % 2 ? end : yield_once, NULL);
		for (j = 0; j < i; j++)
			assert_int_not_equal(refused.old[j], id);
		refused.old[i] = id;
		while (coroutine_resume(S, id) == COROUTINE_SUSPEND)
			for (j = 0; j < i; j++)
				assert_int_equal(
					coroutine_status(S, refused.old[j]),
					COROUTINE_DEAD);
	}
	refused.tried = 0;
	id = make(S, refuse_old_ids, &refused);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	assert_int_equal(refused.tried, OLD);
	assert_int_equal(coroutine_close(S), 0);
}

/* A refused coroutine_new() leaves no trace, and a freed slot serves again,
 * also when it is a coroutine that fills the table. */
static void fill_inside(struct schedule *S, void *ud)
{
	int *made = (int *)ud;

	while (coroutine_new(S, end, NULL) >= 0)
		++*made;
	assert_int_equal(errno, EAGAIN);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	assert_int_equal(coroutine_yield(S), 0);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
}

static void full_from_inside(void **state)
{
	struct schedule *S = open_under(state, 10);
	int made = 0, i;
	int id = make(S, fill_inside, &made);

	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(made, 9);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	for (i = 0; i < 5; i++)
		assert_int_equal(coroutine_resume(S, 1 + i), COROUTINE_DEAD);
	for (i = 0; i < 6; i++)
		make(S, end, NULL);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	assert_int_equal(coroutine_close(S), 0);
}

struct handed {
	struct schedule *S;
	void *ud;
	int calls;
};

static struct handed handed;

static void note_what_is_handed(struct schedule *S, void *ud)
{
	handed.S = S;
	handed.ud = ud;
	handed.calls++;
}

static void what_a_coroutine_gets(void **state)
{
	struct schedule *S = open_under(state, 4);
	int id = make(S, note_what_is_handed, NULL);

	memset(&handed, 0xff, sizeof(handed));
	handed.calls = 0;
	coroutine_resume(S, id);
	assert_ptr_equal(handed.S, S);
	assert_null(handed.ud);
	coroutine_resume(S, make(S, note_what_is_handed, &id));
	assert_ptr_equal(handed.ud, &id);
	assert_int_equal(handed.calls, 2);
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- values -------------------------------------------------------------- */

static char words[16]; /* addresses to hand over */

/* main | w0        w1        -         w2
 * A    |   w0? w3     w1? -    NULL?      w2? )   each reads what came */
static void speak(struct schedule *S, void *ud)
{
	(void)ud;
	assert_ptr_equal(coroutine_value(S), &words[0]);
	assert_ptr_equal(coroutine_value(S), &words[0]);
	assert_int_equal(coroutine_yield_with(S, &words[3]), 0);
	assert_ptr_equal(coroutine_value(S), &words[1]);
	assert_int_equal(coroutine_yield(S), 0);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_yield_with(S, &words[4]), 0);
	assert_ptr_equal(coroutine_value(S), &words[2]);
}

static void values_both_ways(void **state)
{
	struct schedule *S = open_under(state, 4);
	int id = make(S, speak, NULL);

	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_resume_with(S, id, &words[0]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[3]);
	assert_ptr_equal(coroutine_value(S), &words[3]);
	assert_int_equal(coroutine_resume_with(S, id, &words[1]),
			 COROUTINE_SUSPEND);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[4]);
	assert_int_equal(coroutine_resume_with(S, id, &words[2]),
			 COROUTINE_DEAD);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_close(S), 0);
}

/* The end hands out NULL, also when the value handed in was never read; a
 * coroutine begun by a plain resume finds NULL. */
static void expect_null(struct schedule *S, void *ud)
{
	assert_null(coroutine_value(S));
	*(int *)ud = 1;
}

static void no_value(void **state)
{
	struct schedule *S = open_under(state, 4);
	int first = make(S, yield_once, NULL), seen = 0;

	coroutine_resume_with(S, first, &words[5]);
	assert_null(coroutine_value(S));
	coroutine_resume(S, make(S, expect_null, &seen));
	assert_true(seen);
	coroutine_resume_with(S, first, &words[6]);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_close(S), 0);
}

static void refused_values(struct schedule *S, void *ud)
{
	int *ids = (int *)ud; /* caller, self, dead */

	assert_ptr_equal(coroutine_value(S), &words[7]);
	REFUSED(EBUSY, coroutine_resume_with(S, ids[0], &words[1]));
	REFUSED(EBUSY, coroutine_resume_with(S, ids[1], &words[1]));
	REFUSED(ESRCH, coroutine_resume_with(S, ids[2], &words[1]));
	REFUSED(ESRCH, coroutine_resume_with(S, -1, NULL));
	REFUSED(EBUSY, coroutine_transfer(S, ids[0]));
	REFUSED(ESRCH, coroutine_transfer(S, ids[2]));
	assert_ptr_equal(coroutine_value(S), &words[7]);
	assert_int_equal(coroutine_yield_with(S, &words[8]), 0);
}

static void hand_seven(struct schedule *S, void *ud)
{
	int *ids = (int *)ud;

	assert_int_equal(coroutine_resume_with(S, ids[1], &words[7]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[8]);
	assert_int_equal(coroutine_yield_with(S, &words[9]), 0);
}

/* main | r                              9? y! 9?
 * A    |   7                    8? 9
 * B    |     7? refusals 7?   8           a refused call hands nothing over */
static void a_refusal_hands_nothing_over(void **state)
{
	struct schedule *S = open_under(state, 4);
	int ids[3];

	ids[2] = make(S, end, NULL);
	coroutine_resume(S, ids[2]);
	ids[0] = make(S, hand_seven, ids);
	ids[1] = make(S, refused_values, ids);
	assert_int_equal(coroutine_resume_with(S, ids[0], &words[2]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[9]);
	REFUSED(EPERM, coroutine_yield_with(S, &words[3]));
	REFUSED(EPERM, coroutine_transfer(S, ids[0]));
	REFUSED(ESRCH, coroutine_resume_with(S, ids[2], &words[3]));
	make(S, end, NULL);
	assert_ptr_equal(coroutine_value(S), &words[9]);
	assert_int_equal(coroutine_close(S), 0);
}

/* Values of a chain and of a transfer.
 * main | 0                           5?
 * A    |   0? 1          4? t C
 * B    |       1? 2  3? 4
 * C    |           2? 3        NULL? 5      C was begun by B, and goes on in
 *                                           A's place */
static void chain_c(struct schedule *S, void *ud)
{
	(void)ud;
	assert_ptr_equal(coroutine_value(S), &words[2]);
	assert_int_equal(coroutine_yield_with(S, &words[3]), 0);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_yield_with(S, &words[5]), 0);
}

static void chain_b(struct schedule *S, void *ud)
{
	int *ids = (int *)ud;

	assert_ptr_equal(coroutine_value(S), &words[1]);
	assert_int_equal(coroutine_resume_with(S, ids[2], &words[2]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[3]);
	assert_int_equal(coroutine_yield_with(S, &words[4]), 0);
}

static void chain_a(struct schedule *S, void *ud)
{
	int *ids = (int *)ud;

	assert_ptr_equal(coroutine_value(S), &words[0]);
	assert_int_equal(coroutine_resume_with(S, ids[1], &words[1]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[4]);
	assert_int_equal(coroutine_transfer(S, ids[2]), 0);
	assert_ptr_equal(coroutine_value(S), &words[6]);
}

static void values_in_a_chain(void **state)
{
	struct schedule *S = open_under(state, 4);
	int ids[3];

	ids[0] = make(S, chain_a, ids);
	ids[1] = make(S, chain_b, ids);
	ids[2] = make(S, chain_c, ids);
	assert_int_equal(coroutine_resume_with(S, ids[0], &words[0]),
			 COROUTINE_SUSPEND);
	assert_ptr_equal(coroutine_value(S), &words[5]);
	assert_int_equal(coroutine_resume_with(S, ids[0], &words[6]),
			 COROUTINE_DEAD);
	assert_null(coroutine_value(S));
	assert_int_equal(coroutine_close(S), 0);
}

static void one_per_schedule(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield_with(S, &words[1]);
}

static void values_of_two_schedules(void **state)
{
	struct schedule *S = open_under(state, 2), *T = open_under(state, 2);

	coroutine_resume(S, make(S, one_per_schedule, NULL));
	assert_null(coroutine_value(T));
	coroutine_resume_with(T, make(T, end, NULL), &words[2]);
	assert_ptr_equal(coroutine_value(S), &words[1]);
	assert_null(coroutine_value(T));
	assert_int_equal(coroutine_close(T), 0);
	assert_int_equal(coroutine_close(S), 0);
}

/* A generator with an accumulator: each number goes in, each sum comes out. */
static void add_up(struct schedule *S, void *ud)
{
	long *sum = (long *)ud;

	for (;;) {
		*sum += *(long *)coroutine_value(S);
		assert_int_equal(coroutine_yield_with(S, sum), 0);
	}
}

static void a_generator(void **state)
{
	struct schedule *S = open_under(state, 2);
	long sum = 0, number;
	int id = make(S, add_up, &sum);

	for (number = 1; number <= 1000; number++) {
		assert_int_equal(coroutine_resume_with(S, id, &number),
				 COROUTINE_SUSPEND);
		assert_int_equal(*(long *)coroutine_value(S),
				 number * (number + 1) / 2);
	}
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- the trace ----------------------------------------------------------- */

static void trace_down(void *ud, struct schedule *S, int id, int from, int to)
{
	static const char letters[] = "DYRSN";

	(void)S;
	assert_non_null(coroutine_event(from, to));
	write_down((struct record *)ud, "%d%c%c ", id, letters[from],
		   letters[to]);
}

static void resume_one_and_transfer(struct schedule *S, void *ud)
{
	(void)ud;
	REFUSED(EBUSY, coroutine_resume(S, 0));
	REFUSED(ESRCH, coroutine_resume(S, 4));
	assert_int_equal(coroutine_resume(S, 1), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_transfer(S, 2), 0);
}

/* main | new new new new r0                      y!         r1    r0  close
 * 0    |                    r0! r4! r1     t2                        )
 * 1    |                               y                       )
 * 2    |                                      y               3 is READY, 2
 *                                                  SUSPEND when S is closed */
static void trace_of_every_move(void **state)
{
	struct record record = { "", 0 };
	struct schedule *S = open_under(state, 4);

	coroutine_trace(S, trace_down, &record);
	make(S, resume_one_and_transfer, NULL);
	make(S, yield_once, NULL);
	make(S, yield_once, NULL);
	make(S, yield_once, NULL);
	REFUSED(EAGAIN, coroutine_new(S, end, NULL));
	REFUSED(EINVAL, coroutine_new(S, NULL, NULL));
	assert_string_equal(record.text, "0DY 1DY 2DY 3DY ");
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_SUSPEND);
	REFUSED(EPERM, coroutine_yield(S));
	REFUSED(EPERM, coroutine_transfer(S, 1));
	assert_int_equal(coroutine_resume(S, 1), COROUTINE_DEAD);
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_DEAD);
	assert_string_equal(record.text,
			    "0DY 1DY 2DY 3DY 0YR 0RN 1YR 1RS 0NR 0RS 2YR 2RS "
			    "1SR 1RD 0SR 0RD ");
	record.length = 0;
	assert_int_equal(coroutine_close(S), 0);
	assert_true(!strcmp(record.text, "2SD 3YD ") ||
		    !strcmp(record.text, "3YD 2SD "));
}

struct trace_seen {
	struct schedule *S;
	int calls;
};

static void see(void *ud, struct schedule *S, int id, int from, int to)
{
	struct trace_seen *seen = (struct trace_seen *)ud;

	assert_ptr_equal(S, seen->S);
	assert_int_not_equal(from, to);
	assert_int_equal(id, 0);
	seen->calls++;
}

static void trace_set_inside(struct schedule *S, void *ud)
{
	coroutine_yield(S);
	coroutine_trace(S, see, ud);
	coroutine_yield(S);
}

/* The trace begins and ends when it is told to, and is the schedule's own. */
static void trace_on_and_off(void **state)
{
	struct schedule *S = open_under(state, 2), *T = open_under(state, 2);
	struct trace_seen seen = { S, 0 };
	int id = make(S, trace_set_inside, &seen);

	coroutine_resume(S, id);
	assert_int_equal(seen.calls, 0);
	coroutine_resume(S, id);
	assert_int_equal(seen.calls, 1);
	coroutine_resume(T, make(T, end, NULL));
	assert_int_equal(seen.calls, 1);
	assert_int_equal(coroutine_trace(S, NULL, &seen), 0);
	coroutine_resume(S, id);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(coroutine_close(T), 0);
	assert_int_equal(coroutine_close(S), 0);
}

static void the_state_table(void **state)
{
	static const char legal[COROUTINE_STATES][COROUTINE_STATES + 1] = {
		/* to D Y R S N */
		"01000", /* from DEAD: new */
		"10100", /* from READY: close, resume */
		"10011", /* from RUNNING: end, yield, resume another */
		"10100", /* from SUSPEND: close, resume */
		"00100", /* from NORMAL: the other one comes back */
	};
	const char *event;
	int from, to;

	(void)state;
	for (from = 0; from < COROUTINE_STATES; from++)
		for (to = 0; to < COROUTINE_STATES; to++) {
			event = coroutine_event(from, to);
			assert_int_equal(event != NULL, legal[from][to] == '1');
			assert_true(!event || strlen(event) > 0);
			assert_ptr_equal(event, coroutine_event(from, to));
		}
	assert_string_equal(
		coroutine_event(COROUTINE_RUNNING, COROUTINE_SUSPEND), "yield");
	assert_string_equal(
		coroutine_event(COROUTINE_SUSPEND, COROUTINE_RUNNING),
		"resume");
}

static void states_that_are_none(void **state)
{
	static const int wild[] = { -1, 5, 6, 25, INT_MIN, INT_MAX };
	size_t i;
	int other;

	(void)state;
	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		assert_null(coroutine_status_name(wild[i]));
		for (other = 0; other < COROUTINE_STATES; other++) {
			assert_null(coroutine_event(wild[i], other));
			assert_null(coroutine_event(other, wild[i]));
		}
		assert_null(coroutine_event(wild[i], wild[i]));
	}
	assert_null(coroutine_event(-1, 6));
	assert_string_equal(coroutine_status_name(COROUTINE_DEAD), "DEAD");
	assert_string_equal(coroutine_status_name(COROUTINE_READY), "READY");
	assert_string_equal(coroutine_status_name(COROUTINE_RUNNING),
			    "RUNNING");
	assert_string_equal(coroutine_status_name(COROUTINE_SUSPEND),
			    "SUSPEND");
	assert_string_equal(coroutine_status_name(COROUTINE_NORMAL), "NORMAL");
}

/* ---- what a coroutine finds again ---------------------------------------- */

/* Drives `count` coroutines in turn until all are dead; returns the turns.
 * main | r   r   r   r   ...
 * 0    |   y           y
 * 1    |       y
 * 2    |           y               */
static int drive(struct schedule *S, int count)
{
	int turns = 0, alive = 1, i;

	while (alive) {
		alive = 0;
		for (i = 0; i < count; i++) {
			if (coroutine_status(S, i) == COROUTINE_DEAD)
				continue;
			alive |= coroutine_resume(S, i) == COROUTINE_SUSPEND;
			turns++;
		}
	}
	return turns;
}

enum { DRIVEN = 5, ROUNDS = 10 };

/* Five of a kind, numbered from 1, in turn; `turns` in all. */
static void drive_five(void **state, coroutine_func func, int turns)
{
	static int numbers[DRIVEN] = { 1, 2, 3, 4, 5 };
	struct schedule *S = open_under(state, DRIVEN);
	int i;

	assert_non_null(S);
	for (i = 0; i < DRIVEN; i++)
		assert_int_equal(make(S, func, &numbers[i]), i);
	assert_int_equal(drive(S, DRIVEN), turns);
	assert_int_equal(coroutine_close(S), 0);
}

/* Sums whose parts are read after the yield, half of them doubles: more than
 * there are registers that survive a call. All are exact: an x87 would compute
 * them with more digits than it stores. */
static void live_registers(struct schedule *S, void *ud)
{
	volatile int source = *(int *)ud;
	int n = source, a = n + 1, b = n * 3, c = n ^ 5, d = n << 4, e = n - 7,
	    f = n * n, g = ~n, h = n + 1000;
	double s = source * 0.5, t = s + 1, u = s * s, v = s / 4, w = s - 9,
	       x = s * 7, y = s + 100, z = -s;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		assert_int_equal(coroutine_yield(S), 0);
		n = source;
		assert_int_equal(a, n + 1);
		assert_int_equal(b + c, n * 3 + (n ^ 5));
		assert_int_equal(d + e + f, (n << 4) + n - 7 + n * n);
		assert_int_equal(g + h, ~n + n + 1000);
		assert_true(s == source * 0.5 && t == s + 1 && u == s * s);
		assert_true(v == s / 4 && w == s - 9 && x == s * 7);
		assert_true(y == s + 100 && z == -s);
	}
}

static void registers(void **state)
{
	drive_five(state, live_registers, DRIVEN * (ROUNDS + 1));
}

/* A list whose nodes are locals of nested calls: at the same addresses after
 * every yield, or it falls to pieces. */
struct node {
	struct node *next;
	int value;
};

static void descend(struct schedule *S, struct node *list, int depth, int base)
{
	struct node mine = { list, base * 100 + depth };
	struct node *node;
	int wanted = mine.value;

	assert_int_equal(coroutine_yield(S), 0);
	for (node = &mine; node; node = node->next)
		assert_int_equal(node->value, wanted--);
	if (depth < ROUNDS * base)
		descend(S, &mine, depth + 1, base);
	assert_int_equal(coroutine_yield(S), 0);
	assert_int_equal(mine.value, base * 100 + depth);
	assert_ptr_equal(mine.next, list);
}

static void own_addresses(struct schedule *S, void *ud)
{
	descend(S, NULL, 1, *(int *)ud);
}

/* 1 + 2 + ... + 5 times ten levels, two yields a level, and five ends. */
static void pointers_into_their_own_stack(void **state)
{
	drive_five(state, own_addresses, 15 * ROUNDS * 2 + DRIVEN);
}

static int read_half(struct schedule *S, int count, ...)
{
	va_list arguments, again;
	double real = 0;
	int sum = 0, i;

	va_start(arguments, count);
	for (i = 0; i < count; i++) {
		sum += va_arg(arguments, int);
		va_copy(again, arguments);
		assert_int_equal(coroutine_yield(S), 0);
		assert_true(va_arg(again, double) >= 0.5);
		va_end(again);
		real += va_arg(arguments, double);
	}
	va_end(arguments);
	return sum + (int)(2 * real);
}

static void variable_arguments(struct schedule *S, void *ud)
{
	int n = *(int *)ud;
	int got = read_half(S, 6, n, n + 0.5, n + 1, n + 1.5, n + 2, n + 2.5,
			    n + 3, n + 3.5, n + 4, n + 4.5, n + 5, n + 5.5);

	assert_int_equal(got, 6 * n + 15 + 12 * n + 36);
}

static void varargs(void **state)
{
	drive_five(state, variable_arguments, DRIVEN * 7);
}

static void allocate_here(struct schedule *S, void *ud)
{
	int n = *(int *)ud, round;
	size_t size = 16, i;
	unsigned char *bytes;

	for (round = 0; round < ROUNDS; round++) {
		size += (size_t)(n * round * 40);
		bytes = (unsigned char *)alloca(size);
		memset(bytes, n * 16 + round, size);
		assert_int_equal(coroutine_yield(S), 0);
		for (i = 0; i < size; i++)
			assert_int_equal(bytes[i], n * 16 + round);
	}
}

static void allocas(void **state)
{
	drive_five(state, allocate_here, DRIVEN * (ROUNDS + 1));
}

/* Most of the stack in use across a yield, by each of five in turn. */
static void fill_the_stack(struct schedule *S, void *ud)
{
	unsigned char *bytes = (unsigned char *)alloca(STACK * 3 / 4);
	int n = *(int *)ud, round;
	size_t i;

	memset(bytes, n, STACK * 3 / 4);
	for (round = 0; round < ROUNDS; round++) {
		assert_int_equal(coroutine_yield(S), 0);
		for (i = 0; i < STACK * 3 / 4; i++)
			if (bytes[i] != n)
				fail_msg("byte %u of coroutine %d", (unsigned)i,
					 n);
	}
}

static void deep_stacks(void **state)
{
	drive_five(state, fill_the_stack, DRIVEN * (ROUNDS + 1));
}

/* Deep at one yield, shallow at the next: the image must follow. */
static void dive(struct schedule *S, int bytes, int n)
{
	unsigned char *mine = (unsigned char *)alloca((size_t)bytes);
	int i;

	memset(mine, n, (size_t)bytes);
	assert_int_equal(coroutine_yield(S), 0);
	for (i = 0; i < bytes; i++)
		assert_int_equal(mine[i], n);
}

static void dive_and_rise(struct schedule *S, void *ud)
{
	static const int depths[] = { 1, 60000, 16, 20000, 40000, 7, 64000, 1 };
	int n = *(int *)ud;
	size_t i;

	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		dive(S, depths[(i + (size_t)n) % 8], n);
		assert_int_equal(coroutine_yield(S), 0);
	}
}

static void changing_depths(void **state)
{
	drive_five(state, dive_and_rise, DRIVEN * 17);
}

/* Where a stack begins, seen from a coroutine: the frame of its function. */
static void note_frame(struct schedule *S, void *ud)
{
	*(uintptr_t *)ud = (uintptr_t)__builtin_frame_address(0);
	coroutine_yield(S);
}

/* Slot i stands on stack i % stacks, always. */
static void slots_share_stacks_by_number(void **state)
{
	const struct setting *setting = (const struct setting *)*state;
	int stacks = setting->stacks ? setting->stacks : 24, i, j;
	struct schedule *S = open_under(state, 24);
	uintptr_t frames[24], distance;

	for (i = 0; i < 24; i++)
		coroutine_resume(S, make(S, note_frame, &frames[i]));
	for (i = 0; i < 24; i++)
		for (j = 0; j < i; j++) {
			distance = frames[i] > frames[j]
					   ? frames[i] - frames[j]
					   : frames[j] - frames[i];
			assert_true((i - j) % stacks ? distance >= STACK / 2
						     : distance == 0);
		}
	assert_int_equal(coroutine_close(S), 0);
}

/* With a stack each nobody is moved: others may use a pointer to a local.
 * main | r     r    3  r
 * A    |   y            3? y
 * B    |         y             B runs, then main writes into A's local */
static void lend(struct schedule *S, void *ud)
{
	volatile int local = 1;

	*(volatile int **)ud = &local;
	assert_int_equal(coroutine_yield(S), 0);
	assert_int_equal(local, 3);
	local = 4;
	assert_int_equal(coroutine_yield(S), 0);
}

static void private_stacks_stay(void **state)
{
	struct coroutine_options options = { 3, STACK, 3 };
	struct schedule *S = coroutine_open_with(&options);
	volatile int *local = NULL;
	int a = make(S, lend, (void *)&local), b = make(S, yield_once, NULL);

	(void)state;
	coroutine_resume(S, a);
	coroutine_resume(S, b);
	coroutine_resume(S, make(S, end, NULL));
	assert_int_equal(*local, 1);
	*local = 3;
	coroutine_resume(S, a);
	coroutine_resume(S, b);
	assert_int_equal(*local, 4);
	assert_int_equal(coroutine_close(S), 0);
}

/* The smallest stack carries a printf of a double; the default one a megabyte
 * but for what the library and the calls need. */
static void print_here(struct schedule *S, void *ud)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3f", 1.0 / 3);
	assert_int_equal(coroutine_yield(S), 0);
	assert_string_equal(text, "0.333");
	*(int *)ud = 1;
}

static void the_smallest_stack(void **state)
{
	struct coroutine_options options = { 2, COROUTINE_STACK_SIZE_MIN, 0 };
	struct schedule *S = coroutine_open_with(&options);
	int done = 0, id = make(S, print_here, &done);

	(void)state;
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	assert_true(done);
	assert_int_equal(coroutine_close(S), 0);
}

static void use_most(struct schedule *S, void *ud)
{
	size_t size = *(size_t *)ud - 32 * 1024;
	char *bytes = (char *)alloca(size);

	memset(bytes, 7, size);
	assert_int_equal(coroutine_yield(S), 0);
	assert_int_equal(bytes[0] + bytes[size / 2] + bytes[size - 1], 21);
}

static void use_the_whole_stack(struct schedule *S, size_t size)
{
	int i, id;

	assert_non_null(S);
	for (i = 0; i < 3; i++) {
		id = make(S, use_most, &size);
		assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
		assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	}
	assert_int_equal(coroutine_close(S), 0);
}

static void stacks_are_as_large_as_asked(void **state)
{
	static const size_t sizes[] = { 65536, 65537, 100000, 250000, 4194304 };
	struct coroutine_options options = { 4, 0, 2 };
	size_t i;

	(void)state;
	use_the_whole_stack(coroutine_open(), COROUTINE_STACK_SIZE);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		options.stack_size = sizes[i];
		use_the_whole_stack(coroutine_open_with(&options), sizes[i]);
	}
}

/* A tracer that tries everything at every move: it is told no, and the program
 * runs as it does without it.
 *
 *   main      resume 0              resume 0 .. close
 *   0                  yield                exit
 */
static int meddled;

static void meddle(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)from;
	meddled++;
	assert_int_equal(coroutine_yieldable(S), 0);
	REFUSED(EPERM, coroutine_yield(S));
	REFUSED(EPERM, coroutine_transfer(S, *(int *)ud));
	REFUSED(EBUSY, coroutine_close(S));
	REFUSED(EBUSY, coroutine_resume(S, *(int *)ud));
	assert_int_equal(coroutine_status(S, id), to);
}

static void a_tracer_cannot_switch(void **state)
{
	struct schedule *S = open_under(state, 4);
	static int other;
	int id;

	other = make(S, yield_once, NULL);
	meddled = 0;
	assert_int_equal(coroutine_trace(S, meddle, &other), 0);
	id = make(S, yield_once, NULL);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
	assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
	assert_int_equal(meddled, 5);
	assert_int_equal(coroutine_status(S, other), COROUTINE_READY);
	assert_int_equal(coroutine_trace(S, NULL, NULL), 0);
	assert_int_equal(coroutine_close(S), 0);
}

static void close_in_close(void *ud, struct schedule *S, int id, int from,
			   int to)
{
	(void)id;
	(void)from;
	(void)to;
	++*(int *)ud;
	REFUSED(EBUSY, coroutine_close(S));
}

static void a_tracer_cannot_close_again(void **state)
{
	struct schedule *S = open_under(state, 4);
	int closed = 0;

	make(S, yield_once, NULL);
	make(S, yield_once, NULL);
	assert_int_equal(coroutine_trace(S, close_in_close, &closed), 0);
	assert_int_equal(coroutine_close(S), 0);
	assert_int_equal(closed, 2);
}

/* ---- what belongs to a context ------------------------------------------- */

#ifdef ROUNDING_KEPT

static const int roundings[] = { FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO,
				 FE_TONEAREST };

static void round_my_way(struct schedule *S, void *ud)
{
	int mine = roundings[*(int *)ud % 4], i;

	assert_int_equal(fegetround(), FE_TONEAREST);
	assert_int_equal(fesetround(mine), 0);
	for (i = 0; i < ROUNDS; i++) {
		assert_int_equal(coroutine_yield(S), 0);
		assert_int_equal(fegetround(), mine);
	}
}

/* Each has its own rounding, and begins with the one of open. */
static void floating_point_control(void **state)
{
	static int numbers[DRIVEN] = { 1, 2, 3, 4, 5 };
	struct schedule *S = open_under(state, DRIVEN);
	int i;

	fesetround(FE_DOWNWARD);
	for (i = 0; i < DRIVEN; i++)
		make(S, round_my_way, &numbers[i]);
	i = drive(S, DRIVEN);
	assert_int_equal(fegetround(), FE_DOWNWARD);
	fesetround(FE_TONEAREST);
	assert_int_equal(i, DRIVEN * (ROUNDS + 1));
	assert_int_equal(coroutine_close(S), 0);
}

#endif

static int is_blocked(int signal)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, signal);
}

static void change_mask(int how, int signal)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal);
	sigprocmask(how, &one, NULL);
}

static void block_my_signal(struct schedule *S, void *ud)
{
	int mine = *(int *)ud % 2 ? SIGUSR1 : SIGUSR2, i;
	int other = mine == SIGUSR1 ? SIGUSR2 : SIGUSR1;

	assert_false(is_blocked(SIGUSR1) || is_blocked(SIGUSR2));
	assert_true(is_blocked(SIGWINCH));
	change_mask(SIG_BLOCK, mine);
	for (i = 0; i < ROUNDS; i++) {
		assert_int_equal(coroutine_yield(S), 0);
		assert_true(is_blocked(mine));
		assert_false(is_blocked(other));
		assert_true(is_blocked(SIGWINCH));
	}
}

/* Each has its own signal mask, and begins with the one of open. */
static void signal_masks(void **state)
{
	static int numbers[DRIVEN] = { 1, 2, 3, 4, 5 };
	struct schedule *S;
	int i;

	change_mask(SIG_BLOCK, SIGWINCH);
	S = open_under(state, DRIVEN);
	change_mask(SIG_UNBLOCK, SIGWINCH);
	for (i = 0; i < DRIVEN; i++)
		make(S, block_my_signal, &numbers[i]);
	assert_int_equal(drive(S, DRIVEN), DRIVEN * (ROUNDS + 1));
	assert_false(is_blocked(SIGUSR1) || is_blocked(SIGUSR2));
	assert_false(is_blocked(SIGWINCH));
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- threads ------------------------------------------------------------- */

static void count_turns(struct schedule *S, void *ud)
{
	int i;

	for (i = 0; i < 100; i++) {
		++*(int *)ud;
		coroutine_yield(S);
	}
}

/* A schedule of its own on a thread of its own. */
static void *live_in_a_thread(void *state)
{
	static const int wanted = 16 * 100;
	struct schedule *S = open_under((void **)state, 16);
	int turns = 0, i, good = S != NULL;

	for (i = 0; good && i < 16; i++)
		good = coroutine_new(S, count_turns, &turns) == i;
	good = good && drive(S, 16) == wanted + 16 && turns == wanted;
	if (coroutine_close(S) < 0 || !good)
		return NULL;
	return state;
}

static void a_schedule_in_each_thread(void **state)
{
	pthread_t threads[4];
	void *result;
	int i;

	for (i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						live_in_a_thread, state),
				 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, state);
	}
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("the numbers of the interface", constants),
		ONCE("65,536 slots by default", defaults),
		ONCE("options at their bounds", options_at_their_bounds),
		ONCE("options out of range", options_out_of_range),
		ONCE("monstrous stacks", monstrous_stacks),
		ONCE("options are only read", options_are_only_read),
		ONCE("no schedule", no_schedule),
		EACH("no schedule, from inside", no_schedule_from_inside),
		EACH("close with everybody alive", close_with_everybody_alive),
		EACH("a coroutine closes another schedule",
		     a_coroutine_closes_another_schedule),
		EACH("where a yield is allowed", yieldable),
		EACH("the tutorial", tutorial),
		EACH("ids count from 0", ids_count_from_zero),
		EACH("ids never issued", ids_never_issued),
		EACH("stale ids", stale_ids),
		EACH("full, from inside", full_from_inside),
		EACH("what a coroutine gets", what_a_coroutine_gets),
		EACH("values both ways", values_both_ways),
		EACH("no value is NULL", no_value),
		EACH("a refusal hands nothing over",
		     a_refusal_hands_nothing_over),
		EACH("values in a chain and through a transfer",
		     values_in_a_chain),
		EACH("values of two schedules", values_of_two_schedules),
		EACH("a generator of sums", a_generator),
		EACH("the trace of every move", trace_of_every_move),
		EACH("the trace on and off", trace_on_and_off),
		EACH("a tracer cannot switch", a_tracer_cannot_switch),
		EACH("a tracer cannot close again",
		     a_tracer_cannot_close_again),
		ONCE("the state table", the_state_table),
		ONCE("states that are none", states_that_are_none),
		EACH("registers live across yields", registers),
		EACH("pointers into their own stack",
		     pointers_into_their_own_stack),
		EACH("variable arguments", varargs),
		EACH("alloca", allocas),
		EACH("deep stacks", deep_stacks),
		EACH("changing depths", changing_depths),
		UNLESS_STRICT("each coroutine has pages of its own",
			      "slots share stacks by their number",
			      slots_share_stacks_by_number),
		ONCE("private stacks stay where they are", private_stacks_stay),
		ONCE("the smallest stack", the_smallest_stack),
		ONCE("stacks are as large as asked",
		     stacks_are_as_large_as_asked),
#ifdef ROUNDING_KEPT
		EACH("each has its own rounding", floating_point_control),
#endif
		EACH("each has its own signal mask", signal_masks),
		EACH("a schedule in each thread", a_schedule_in_each_thread),
	};

	return run_entries("core", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
