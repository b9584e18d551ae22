/* What is large, and what is deadly: a stack that overflows, ten thousand
 * callers, a million suspended, ids that come round, memory and time that stay
 * flat. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"

#include <alloca.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void end(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

/* ---- a stack that overflows ---------------------------------------------- */

/* What the child does to a stack. */
struct overflow {
	coroutine_func run;
	int repeats;  /* so many coroutines, one after another */
	size_t frame; /* bytes a call takes */
	int fill;     /* 1: writes all of them, 0: only the lowest one */
	size_t depth; /* how far below its first frame it goes */
};

static uintptr_t first_frame;

/* A depth that no stack of STACK bytes has: its size is rounded up to pages. */
static size_t too_deep(void)
{
	return STACK + 4096 + (size_t)sysconf(_SC_PAGESIZE);
}

/* Goes down until it is deep enough; returns something that needs the frames,
 * so that no compiler makes a loop of it. */
static int go_down(struct schedule *S, const struct overflow *how)
{
	volatile unsigned char *bytes =
		(volatile unsigned char *)alloca(how->frame);
	size_t i;
	int below = 0;

	bytes[0] = 1;
	for (i = 0; how->fill && i < how->frame; i++)
		bytes[i] = (unsigned char)(i | 1);
	if (first_frame - (uintptr_t)bytes < how->depth)
		below = go_down(S, how);
	return below + bytes[0];
}

static void descend(struct schedule *S, void *ud)
{
	first_frame = (uintptr_t)__builtin_frame_address(0);
	if (go_down(S, (const struct overflow *)ud) == 0)
		coroutine_yield(S);
}

#ifdef COROUTINE_NO_GUARD

/* Writes below all frames, a little deeper each time, and lets the library
 * look each time. */
static void scrape_and_yield(struct schedule *S, void *ud)
{
	struct overflow *how = (struct overflow *)ud;
	char *frame = (char *)__builtin_frame_address(0);

	for (; how->depth < too_deep(); how->depth += how->frame) {
		memset(frame - how->depth, 0x11, how->frame);
		coroutine_yield(S);
	}
}

static void scrape_and_end(struct schedule *S, void *ud)
{
	struct overflow *how = (struct overflow *)ud;

	(void)S;
	memset((char *)__builtin_frame_address(0) - how->depth, 0x11,
	       how->frame);
	how->depth += how->frame;
}

#endif

/* The child: a sound coroutine that calls the others. */
static void call_them(struct schedule *S, void *ud)
{
	struct overflow *how = (struct overflow *)ud;
	int id;

	while (how->repeats--) {
		id = coroutine_new(S, how->run, how);
		while (coroutine_resume(S, id) == COROUTINE_SUSPEND)
			;
	}
}

static void be_the_child(void **state, struct overflow *how, int errors)
{
	struct rlimit no_core = { 0, 0 };
	struct schedule *S = open_under(state, 9);

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	signal(SIGABRT, SIG_DFL);
	dup2(errors, STDERR_FILENO);
	alarm(60);
	coroutine_resume(S, coroutine_new(S, call_them, how));
	_exit(0); /* not found: that is what the test is about */
}

/* Runs the child; its status, and the first bytes it wrote to stderr. */
static int run_child(void **state, struct overflow *how, char *text,
		     size_t size)
{
	int ends[2], status;
	size_t length = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		be_the_child(state, how, ends[1]);
	close(ends[1]);
	while (length < size - 1 &&
	       (got = read(ends[0], text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* It dies by one of two signals; under ASan and TSan, by any death. */
static void expect_death(void **state, struct overflow how, int by, int or_by,
			 const char *saying)
{
	char text[4000];
	int status = run_child(state, &how, text, sizeof(text));

	if (SANITIZED) {
		assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
		return;
	}
	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == by || WTERMSIG(status) == or_by);
	assert_non_null(strstr(text, saying));
}

#ifndef COROUTINE_NO_GUARD

/* It is killed where it steps over the edge, whatever it would do later. */
static void overflow_by_small_steps(void **state)
{
	struct overflow how = { descend, 1, 200, 1, too_deep() };

	expect_death(state, how, SIGSEGV, SIGBUS, "");
}

/* Frames of 30,000 bytes that touch one: no step is longer than the guard. */
static void overflow_by_large_steps(void **state)
{
	struct overflow how = { descend, 1, 30000, 0, too_deep() + 28672 };

	expect_death(state, how, SIGSEGV, SIGBUS, "");
}

#else

/* By real calls: it dies when it ends, or before that on whatever it meets
 * below its stack. */
static void overflow_by_calls(void **state)
{
	struct overflow how = { descend, 1, 256, 1, too_deep() };

	expect_death(state, how, SIGABRT, SIGSEGV, "");
}

/* Byte by byte, as deep calls would: the first switch that finds the end of
 * the stack written over aborts and says whose it was. */
static void overflow_seen_by_a_yield(void **state)
{
	struct overflow how = { scrape_and_yield, 1, 16, 0, STACK - 4096 };

	expect_death(state, how, SIGABRT, SIGABRT, "coroutine 1 ");
}

static void overflow_seen_at_the_end(void **state)
{
	struct overflow how = { scrape_and_end, 1024, 16, 0, STACK - 4096 };

	expect_death(state, how, SIGABRT, SIGABRT, "coroutine ");
}

#endif

/* The same descent, one that fits: nobody dies. */
static void no_overflow(void **state)
{
	struct overflow how = { descend, 3, 256, 1, STACK - 20000 };
	char text[4000];

	assert_int_equal(run_child(state, &how, text, sizeof(text)), 0);
	if (!SANITIZED) /* ASan warns of ucontext */
		assert_string_equal(text, "");
}

/* ---- many ---------------------------------------------------------------- */

struct chain {
	int wanted, depth, deepest, back;
};

/* main | r                                 r
 * 0    |   r                           y     )
 * 1    |     r                       y     ...      each is 0's callee's
 * 2    |       r ...  n-1: y    ... y               callee's ... */
static void go_deeper(struct schedule *S, void *ud)
{
	struct chain *chain = (struct chain *)ud;
	volatile int mine = chain->depth++;
	int next;

	if (chain->depth > chain->deepest)
		chain->deepest = chain->depth;
	if (chain->depth < chain->wanted) {
		next = coroutine_new(S, go_deeper, chain);
		assert_int_equal(coroutine_resume(S, next), COROUTINE_SUSPEND);
		assert_int_equal(coroutine_yield(S), 0);
		assert_int_equal(coroutine_resume(S, next), COROUTINE_DEAD);
	} else {
		assert_int_equal(coroutine_yield(S), 0);
	}
	assert_int_equal(coroutine_running(S), mine);
	chain->back++;
}

static void ten_thousand_callers(void **state)
{
	struct chain chain = { 10000 / scale(), 0, 0, 0 };
	struct schedule *S = open_under(state, chain.wanted);

	assert_non_null(S);
	assert_int_equal(coroutine_new(S, go_deeper, &chain), 0);
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_SUSPEND);
	assert_int_equal(chain.deepest, chain.wanted);
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_DEAD);
	assert_int_equal(chain.back, chain.wanted);
	assert_int_equal(coroutine_close(S), 0);
}

/* Bytes of memory that this process occupies; 0 where that is not known. */
static size_t resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long all, pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%lu %lu", &all, &pages) != 2)
		pages = 0;
	fclose(file);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void count_twice(struct schedule *S, void *ud)
{
	++*(int *)ud;
	coroutine_yield(S);
	++*(int *)ud;
}

static void resume_all(struct schedule *S, int count, int wanted)
{
	int id;

	for (id = 0; id < count; id++)
		if (coroutine_resume(S, id) != wanted)
			fail_msg("coroutine %d", id);
}

static void a_million_suspended(void **state)
{
	int count = 1000000 / scale(), turns = 0, i;
	struct coroutine_options options = { count, 65536, 1 };
	size_t before = resident(), each;
	struct schedule *S = coroutine_open_with(&options);

	(void)state;
	assert_non_null(S);
	for (i = 0; i < count; i++)
		assert_int_equal(coroutine_new(S, count_twice, &turns), i);
	resume_all(S, count, COROUTINE_SUSPEND);
	each = (resident() - before) / (size_t)count;
	assert_int_equal(turns, count);
	if (full_size()) {
		print_message("%u bytes for each suspended coroutine\n",
			      (unsigned)each);
#ifdef __OPTIMIZE__
		assert_in_range(each, 0, 1400);
#else /* frames are larger */
		assert_in_range(each, 0, 1600);
#endif
	}
	resume_all(S, count, COROUTINE_DEAD);
	assert_int_equal(turns, 2 * count);
	assert_int_equal(coroutine_close(S), 0);
}

static void live_and_end(struct schedule *S, int count)
{
	int i, id, turns = 0;

	for (i = 0; i < count; i++) {
		id = coroutine_new(S, count_twice, &turns);
		assert_true(id >= 0);
		coroutine_resume(S, id);
		coroutine_resume(S, id);
	}
	assert_int_equal(turns, 2 * count);
}

/* Memory after 100,000 lives is what it was after 1,000. memory_test.c counts
 * the blocks. */
static void a_hundred_thousand_lives(void **state)
{
	struct schedule *S = open_under(state, 100);
	size_t before;

	live_and_end(S, 1000);
	before = resident();
	live_and_end(S, 100000 / scale());
	if (full_size())
		assert_in_range(resident(), 0, before + 256 * 1024);
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- memory only as it is used ------------------------------------------- */

static void open_touches_nothing(void **state)
{
	struct coroutine_options options = { COROUTINE_SLOTS_MAX, 1 << 20,
					     1000 };
	size_t before = resident();
	struct schedule *S;

	(void)state;
	S = coroutine_open_with(&options);
	assert_non_null(S);
	assert_in_range(resident(), 0, before + 512 * 1024);
	live_and_end(S, 50000); /* one slot, used again and again */
	assert_in_range(resident(), 0, before + 1024 * 1024);
	assert_int_equal(coroutine_close(S), 0);
	assert_in_range(resident(), 0, before + 512 * 1024);
}

/* How many mappings this process has; 0 where that is not known. */
static int mappings(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	int count = 0, c;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF)
		count += c == '\n';
	fclose(file);
	return count;
}

static void open_and_close_leave_nothing(void **state)
{
	int before, i;

	assert_int_equal(coroutine_close(open_under(state, 40)), 0);
	before = mappings();
	for (i = 0; i < 200; i++) {
		struct schedule *S = open_under(state, 40);

		live_and_end(S, 3);
		assert_int_equal(coroutine_close(S), 0);
	}
	if (full_size())
		assert_in_range(mappings(), 0, before + 5);
}

#ifndef COROUTINE_NO_GUARD /* the heap has no such limit */

static long most_mappings(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
	long count = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%ld", &count) != 1)
		count = 0;
	fclose(file);
	return count;
}

/* More private stacks than the system maps: a clear refusal where the limit is met,
 * and those who have a stack go on. Nothing of it is kept, and the next schedule
 * has as many as it asks for. */
static void more_stacks_than_the_system_maps(void **state)
{
	int most = (int)most_mappings();
	struct coroutine_options options = { most, COROUTINE_STACK_SIZE_MIN,
					     most };
	int before = mappings(), count = 0;
	struct schedule *S;

	(void)state;
	if (most < 1 || most > 200000)
		return; /* such a system maps a great many */
	S = coroutine_open_with(&options);
	assert_non_null(S);
	errno = 0;
	while (coroutine_new(S, end, NULL) == count)
		count++;
	assert_int_equal(errno, ENOMEM);
	assert_in_range(count, most / 3, most / 2);
	assert_int_equal(coroutine_new(S, end, NULL), -1);
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_DEAD);
	assert_int_equal(coroutine_new(S, end, NULL), most);
	assert_int_equal(coroutine_resume(S, count - 1), COROUTINE_DEAD);
	assert_int_equal(coroutine_close(S), 0);
	assert_in_range(mappings(), 0, before + 5);
	options.slots = options.stacks = 1000;
	S = coroutine_open_with(&options);
	assert_non_null(S);
	live_and_end(S, 10);
	assert_int_equal(coroutine_close(S), 0);
}

#endif

/* ---- ids that come round ------------------------------------------------- */

enum { IDS = 2000 };

/* Lives one after another in a schedule of so many slots. The contract: an id
 * repeats only after its slot has had (INT_MAX + 1) / slots coroutines. */
static void lives_have_ids_of_their_own(int slots)
{
	struct coroutine_options options = { slots, COROUTINE_STACK_SIZE_MIN,
					     1 };
	struct schedule *S = coroutine_open_with(&options);
	int window = (int)(((long long)INT_MAX + 1) / slots), i, j;
	static int ids[IDS];

	assert_non_null(S);
	assert_in_range(2 * window + 10, 1, IDS);
	for (i = 0; i < 2 * window + 10; i++) {
		ids[i] = coroutine_new(S, end, NULL);
		assert_true(ids[i] >= 0);
		for (j = i > window - 1 ? i - window + 1 : 0; j < i; j++) {
			assert_int_not_equal(ids[j], ids[i]);
			assert_int_equal(coroutine_status(S, ids[j]),
					 COROUTINE_DEAD);
		}
		assert_int_equal(coroutine_status(S, ids[i]), COROUTINE_READY);
		assert_int_equal(coroutine_resume(S, ids[i]), COROUTINE_DEAD);
		assert_int_equal(coroutine_status(S, ids[i]), COROUTINE_DEAD);
	}
	assert_int_equal(coroutine_close(S), 0);
}

static void ids_repeat_late(void **state)
{
	(void)state;
	lives_have_ids_of_their_own(4000037);
	if (!full_size())
		return; /* there these touch a gigabyte each */
	lives_have_ids_of_their_own(COROUTINE_SLOTS_MAX);
	lives_have_ids_of_their_own(COROUTINE_SLOTS_MAX - 1);
	lives_have_ids_of_their_own((1 << 23) + 1);
}

/* The last slot's ids are the largest of all: they must come round in time. */
static void the_last_slot_comes_round(void **state)
{
	struct coroutine_options options = { COROUTINE_SLOTS_MAX - 1,
					     COROUTINE_STACK_SIZE_MIN, 1 };
	struct schedule *S;
	int i, id, old = -1;

	(void)state;
	S = coroutine_open_with(&options);
	assert_non_null(S);
	for (i = 0; i < options.slots; i++)
		assert_int_equal(coroutine_new(S, end, NULL), i);
	for (i = 0, id = options.slots - 1; i < 300; i++) {
		assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
		old = id;
		id = coroutine_new(S, end, NULL);
		assert_true(id >= 0 && id != old);
		assert_int_equal(coroutine_status(S, id), COROUTINE_READY);
		assert_int_equal(coroutine_status(S, old), COROUTINE_DEAD);
	}
	assert_int_equal(coroutine_close(S), 0);
}

/* ---- time ---------------------------------------------------------------- */

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The least of five, of 4,000 lives each. */
static double time_of_lives(struct schedule *S)
{
	double best = 1e9, begin, taken;
	int round;

	for (round = 0; round < 5; round++) {
		begin = seconds();
		live_and_end(S, 4000 / scale() + 20);
		taken = seconds() - begin;
		best = taken < best ? taken : best;
	}
	return best;
}

/* One free slot among a million, against a million free ones. A search would
 * cost a thousand times as much; ten times is noise. */
static void creating_takes_constant_time(void **state)
{
	struct coroutine_options options = { 1000000 / scale(),
					     COROUTINE_STACK_SIZE_MIN, 1 };
	struct schedule *S = coroutine_open_with(&options);
	double empty, full;
	int i;

	(void)state;
	assert_non_null(S);
	empty = time_of_lives(S);
	for (i = 0; i < options.slots - 1; i++)
		assert_true(coroutine_new(S, end, NULL) >= 0);
	full = time_of_lives(S);
	assert_true(coroutine_new(S, end, NULL) >= 0);
	assert_int_equal(coroutine_new(S, end, NULL), -1);
	assert_true(full < 10 * empty);
	assert_int_equal(coroutine_close(S), 0);
}

int main(void)
{
	static const struct entry entries[] = {
#ifndef COROUTINE_NO_GUARD
		EACH("an overflow by small steps", overflow_by_small_steps),
		EACH("an overflow by large steps", overflow_by_large_steps),
#else
		EACH("an overflow by calls", overflow_by_calls),
		EACH("an overflow is seen by a yield",
		     overflow_seen_by_a_yield),
		EACH("an overflow is seen at the end",
		     overflow_seen_at_the_end),
#endif
		EACH("a deep descent that fits", no_overflow),
		EACH("ten thousand callers", ten_thousand_callers),
		ONCE("a million suspended", a_million_suspended),
		EACH("a hundred thousand lives", a_hundred_thousand_lives),
		LARGE("open touches nothing", open_touches_nothing),
		EACH("open and close leave nothing",
		     open_and_close_leave_nothing),
#ifndef COROUTINE_NO_GUARD
		LARGE("more stacks than the system maps",
		      more_stacks_than_the_system_maps),
#endif
		ONCE("ids repeat late", ids_repeat_late),
		LARGE("the last slot comes round", the_last_slot_comes_round),
		ONCE("creating takes constant time",
		     creating_takes_constant_time),
	};

	return run_entries("limits", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
