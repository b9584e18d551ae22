/* Every allocation is made to fail in turn: nothing is lost, errno tells it,
 * and the program goes on to the results it has without failures.
 *
 * Linked with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free and
 * -Wl,--wrap=mmap,--wrap=munmap,--wrap=mprotect: what coroutine.c (and this
 * file) asks for comes by here; CMocka's own memory does not. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"

#include <alloca.h>
#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/types.h>

/* The names and signatures are the linker's and the system's. */
void *__real_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t offset);
int __real_munmap(void *at, size_t size);
int __real_mprotect(void *at, size_t size, int access);
void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t offset);
int __wrap_munmap(void *at, size_t size);
int __wrap_mprotect(void *at, size_t size, int access);

/* ---- mappings, counted and failing --------------------------------------- */

static size_t mapped; /* bytes */

void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t offset)
{
	void *block;

	if (must_fail())
		return MAP_FAILED;
	block = __real_mmap(at, size, access, flags, fd, offset);
	if (block != MAP_FAILED)
		mapped += size;
	return block;
}

int __wrap_munmap(void *at, size_t size)
{
	mapped -= size;
	return __real_munmap(at, size);
}

int __wrap_mprotect(void *at, size_t size, int access)
{
#ifdef COROUTINE_STRICT
	/* Every switch calls it: strict_test.c has what happens when it fails. */
	return __real_mprotect(at, size, access);
#else
	return must_fail() ? -1 : __real_mprotect(at, size, access);
#endif
}

static void nothing_is_left(void)
{
	starve(0, 0);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(mapped, 0);
}

/* ---- opening ------------------------------------------------------------- */

static void end(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

static void yield_for_ever(struct schedule *S, void *ud)
{
	(void)ud;
	for (;;)
		coroutine_yield(S);
}

/* Fails each of its allocations, alone and with all that follow. */
static void open_without_memory(void **state)
{
	struct schedule *S;
	long wanted, n;

	starve(0, 0);
	S = open_under(state, 10);
	wanted = memory.asked;
	assert_true(wanted > 0);
	assert_int_equal(coroutine_close(S), 0);
	nothing_is_left();
	for (n = 1; n <= wanted; n++) {
		starve(n, n % 2 ? 1 : LONG_MAX);
		errno = 0;
		assert_null(open_under(state, 10));
		assert_int_equal(errno, ENOMEM);
		assert_true(memory.failed > 0);
		nothing_is_left();
		starve(n, n % 2 ? LONG_MAX : 1);
		assert_null(open_under(state, 10));
		nothing_is_left();
	}
}

static void new_allocates_nothing(void **state)
{
	struct schedule *S = open_under(state, 1000);
	int i;

	for (i = 0; i < 1000; i++) { /* each stack is opened once */
		assert_int_equal(coroutine_new(S, end, NULL), i);
		assert_int_equal(coroutine_resume(S, i), COROUTINE_DEAD);
		starve(1, LONG_MAX);
		assert_int_equal(coroutine_new(S, end, NULL), i + 1000);
		assert_int_equal(memory.asked, 0);
		assert_int_equal(coroutine_resume(S, i + 1000), COROUTINE_DEAD);
		starve(0, 0);
		assert_int_equal(coroutine_new(S, end, NULL), i + 2000);
	}
	starve(1, LONG_MAX);
	assert_int_equal(coroutine_new(S, end, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(memory.asked, 0);
	assert_int_equal(coroutine_resume(S, 2500), COROUTINE_DEAD);
	assert_true(coroutine_new(S, end, NULL) >= 0);
	assert_int_equal(memory.asked, 0);
	starve(0, 0);
	assert_int_equal(coroutine_close(S), 0);
	nothing_is_left();
}

#ifndef COROUTINE_NO_GUARD
/* A stack that cannot be opened: nothing has changed, and later it can. */
static void a_stack_that_cannot_be_opened(void **state)
{
	struct schedule *S = open_under(state, 3);

#ifndef COROUTINE_STRICT
	starve(1, 1);
	errno = 0;
	assert_int_equal(coroutine_new(S, end, NULL), -1);
	assert_int_equal(errno, ENOMEM);
	starve(0, 0);
#endif
	assert_int_equal(coroutine_new(S, end, NULL), 0);
	assert_int_equal(coroutine_resume(S, 0), COROUTINE_DEAD);
	assert_int_equal(coroutine_close(S), 0);
	nothing_is_left();
}
#endif

/* ---- one program, with and without failures ------------------------------ */

enum { MEMBERS = 6, LOG = 20000 };

static struct {
	struct schedule *S;
	int ids[MEMBERS];
	char log[LOG];
	size_t length;
	long refusals, changes;
} stage;

static void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	stage.length +=
		(size_t)vsnprintf(stage.log + stage.length, LOG - stage.length,
				  format, arguments);
	va_end(arguments);
	assert_true(stage.length < LOG);
}

static void count_change(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)ud;
	(void)S;
	(void)id;
	assert_non_null(coroutine_event(from, to));
	stage.changes++;
}

/* What must be as it was when a call has been refused. */
struct snapshot {
	int states[MEMBERS];
	int running;
	void *value;
	long changes;
};

static void take_snapshot(struct snapshot *snapshot)
{
	int i;

	memset(snapshot, 0, sizeof(*snapshot));
	for (i = 0; i < MEMBERS; i++)
		snapshot->states[i] = coroutine_status(stage.S, stage.ids[i]);
	snapshot->running = coroutine_running(stage.S);
	snapshot->value = coroutine_value(stage.S);
	snapshot->changes = stage.changes;
}

/* A call that may be refused for want of memory, until it is not. */
#define INSIST(result, call)                                          \
	do {                                                          \
		struct snapshot before, after;                        \
		take_snapshot(&before);                               \
		errno = 0;                                            \
		(result) = (call);                                    \
		if ((result) != -1)                                   \
			break;                                        \
		assert_int_equal(errno, ENOMEM);                      \
		take_snapshot(&after);                                \
		assert_memory_equal(&before, &after, sizeof(before)); \
		stage.refusals++;                                     \
	} while (1)

/* One member's turn: yields with a value, resumes the next, or transfers to
 * the one after that, as its number says. */
static void take_turn(int me, int turn)
{
	int other = stage.ids[(me + 1) % MEMBERS], result;

	switch ((me + turn) % 4) {
	case 0:
	case 1:
		INSIST(result, coroutine_yield_with(stage.S, &stage.ids[me]));
		break;
	case 2:
		if (coroutine_status(stage.S, other) % 2 == 0)
			return; /* not READY, not SUSPEND */
		INSIST(result, coroutine_resume_with(stage.S, other,
						     &stage.ids[turn % 6]));
		break;
	default:
		other = stage.ids[(me + 2) % MEMBERS];
		if (coroutine_status(stage.S, other) % 2 == 0)
			return;
		INSIST(result, coroutine_transfer(stage.S, other));
		break;
	}
	note("%d.%d=%d v%d ", me, turn, result,
	     coroutine_value(stage.S)
		     ? (int)((int *)coroutine_value(stage.S) - stage.ids)
		     : -1);
}

static void member(struct schedule *S, void *ud)
{
	int me = (int)((int *)ud - stage.ids), turn;
	size_t size = 10, i;
	unsigned char *bytes;

	assert_ptr_equal(S, stage.S);
	note("(%d ", me);
	for (turn = 0; turn < 12; turn++) {
		size += (size_t)(me * turn * 7);
		bytes = (unsigned char *)alloca(size);
		memset(bytes, me * 12 + turn, size);
		take_turn(me, turn);
		for (i = 0; i < size; i++)
			assert_int_equal(bytes[i], me * 12 + turn);
	}
	note("%d) ", me);
}

static void play_all(void)
{
	int alive = 1, i, result;

	while (alive) {
		alive = 0;
		for (i = 0; i < MEMBERS; i++) {
			if (!coroutine_status(stage.S, stage.ids[i]))
				continue;
			INSIST(result,
			       coroutine_resume_with(stage.S, stage.ids[i],
						     &stage.ids[i]));
			note("@%d=%d ", i, result);
			alive = 1;
		}
	}
}

/* The whole program; its log is in the stage. */
static void perform(void **state, long n, long count)
{
	int i;

	memset(&stage, 0, sizeof(stage));
	starve(0, 0);
	stage.S = open_under(state, MEMBERS + 3);
	assert_non_null(stage.S);
	coroutine_trace(stage.S, count_change, NULL);
	for (i = 0; i < MEMBERS; i++)
		stage.ids[i] = coroutine_new(stage.S, member, &stage.ids[i]);
	starve(n, count);
	play_all();
	memory.fail_from = 0;
	assert_int_equal(coroutine_close(stage.S), 0);
}

/* The n-th allocation fails, for each n; then several in a row. Whatever
 * failed was reported by a call, and the log is the one without failures. */
static void every_allocation_fails(void **state)
{
	static char wanted[LOG];
	long changes, asked, n, count;

	perform(state, 0, 0);
	memcpy(wanted, stage.log, LOG);
	changes = stage.changes;
	asked = memory.asked;
	nothing_is_left();
	for (n = 1; n <= asked; n++)
		for (count = 1; count <= 4; count += 3) {
			perform(state, n, count);
			assert_true(memory.failed > 0);
			assert_true(stage.refusals > 0);
			assert_in_range(stage.refusals, 1, memory.failed);
			assert_string_equal(stage.log, wanted);
			assert_int_equal(stage.changes, changes);
			nothing_is_left();
		}
}

/* The program above does ask for memory on shared stacks, and on private ones
 * for none. */
static void who_needs_memory(void **state)
{
	const struct setting *setting = (const struct setting *)*state;

	perform(state, 1, 0);
	assert_int_equal(memory.asked > 0, setting->stacks != 0);
	nothing_is_left();
}

/* ---- no memory at all ---------------------------------------------------- */

/* 0 | r                       )       there is memory on the way down;
 * 1 |   r                   )         none on the way up, and none needed:
 * 2 |     r ...           )           the last yields once there is some
 * n |       y! y! y  .. )                                               */
static void chain(struct schedule *S, void *ud)
{
	int me = (int)((int *)ud - stage.ids), result;

	if (me < MEMBERS - 1) {
		assert_int_equal(coroutine_resume(S, stage.ids[me + 1]),
				 COROUTINE_DEAD);
		note("%d ", me);
		return;
	}
	starve(1, LONG_MAX);
	for (result = 0; result < 3; result++) {
		errno = 0;
		if (coroutine_yield_with(S, S) == -1)
			assert_int_equal(errno, ENOMEM);
		assert_int_equal(coroutine_running(S), stage.ids[me]);
	}
	note("%d ", me);
}

static void the_way_back_needs_no_memory(void **state)
{
	int i;

	memset(&stage, 0, sizeof(stage));
	starve(0, 0);
	stage.S = open_under(state, MEMBERS + 3);
	for (i = 0; i < MEMBERS; i++)
		stage.ids[i] = coroutine_new(stage.S, chain, &stage.ids[i]);
	if (((struct setting *)*state)->stacks == 0) {
		assert_int_equal(coroutine_close(stage.S), 0);
		nothing_is_left();
		return; /* nothing is ever refused there */
	}
	assert_int_equal(coroutine_resume(stage.S, 0), COROUTINE_DEAD);
	assert_true(memory.failed > 0);
	assert_string_equal(stage.log, "5 4 3 2 1 0 ");
	starve(0, 0);
	assert_int_equal(coroutine_close(stage.S), 0);
	nothing_is_left();
}

/* Two schedules nested in each other, without memory on the way back.
 * main | r                         .
 * A    |   r b                 . )      b stands on other ground: when its
 * b    |     r C           . )          resume of C is refused for want of
 * C    |       r d     . )              A's place, A is still whole
 * d    |         r C!  )                                               */
static struct schedule *both[2];
static int places[2][2];

static void nest(struct schedule *S, void *ud)
{
	int level = *(int *)ud, result;
	unsigned char mine[500];
	size_t i;

	memset(mine, level, sizeof(mine));
	if (level < 3) {
		INSIST(result,
		       coroutine_resume(
			       both[(level + 1) % 2],
			       places[(level + 1) % 2][(level + 1) / 2]));
		assert_int_equal(result, COROUTINE_DEAD);
	} else {
		assert_int_equal(coroutine_resume(S, places[1][1]), -1);
	}
	for (i = 0; i < sizeof(mine); i++)
		assert_int_equal(mine[i], level);
	note("%d ", level);
}

static void nest_all(void **state, long n)
{
	static int levels[4] = { 0, 1, 2, 3 };
	int i, result;

	memset(&stage, 0, sizeof(stage));
	starve(0, 0);
	for (i = 0; i < 2; i++) {
		both[i] = open_under(state, 4);
		places[i][0] = coroutine_new(both[i], nest, &levels[i]);
		places[i][1] = coroutine_new(both[i], nest, &levels[i + 2]);
	}
	stage.S = both[0];
	starve(n, 1);
	INSIST(result, coroutine_resume(both[0], places[0][0]));
	assert_int_equal(result, COROUTINE_DEAD);
	assert_string_equal(stage.log, "3 2 1 0 ");
	memory.fail_from = 0;
	assert_int_equal(coroutine_close(both[1]), 0);
	assert_int_equal(coroutine_close(both[0]), 0);
}

static void nested_schedules_without_memory(void **state)
{
	long asked, n;

	nest_all(state, 0);
	asked = memory.asked;
	for (n = 1; n <= asked; n++) {
		nest_all(state, n);
		assert_int_equal(stage.refusals, memory.failed);
		nothing_is_left();
	}
}

/* ---- nothing is lost ----------------------------------------------------- */

static void yield_once(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield(S);
}

/* Blocks after 100,000 lives: as many as before, and in between no more than
 * the one that lives needs. */
static void lives_leave_no_block(void **state)
{
	struct schedule *S = open_under(state, 4);
	int keep = coroutine_new(S, yield_for_ever, NULL), i, id;
	long before;

	coroutine_resume(S, keep);
	before = memory.blocks;
	memory.most = memory.blocks;
	for (i = 0; i < 100000 / scale(); i++) {
		id = coroutine_new(S, yield_once, NULL);
		assert_int_equal(coroutine_resume(S, id), COROUTINE_SUSPEND);
		if (i % 3 == 0)
			coroutine_resume(S, keep);
		assert_int_equal(coroutine_resume(S, id), COROUTINE_DEAD);
		assert_int_equal(memory.blocks, before);
	}
	assert_in_range(memory.most, before, before + 2);
	assert_int_equal(coroutine_close(S), 0);
	nothing_is_left();
}

static void ends_free_their_images(void **state)
{
	struct schedule *S = open_under(state, 50);
	long before = memory.blocks;
	int round, i, ids[50];

	for (round = 0; round < 20; round++) {
		for (i = 0; i < 50; i++) {
			ids[i] = coroutine_new(S, yield_once, NULL);
			assert_int_equal(coroutine_resume(S, ids[i]),
					 COROUTINE_SUSPEND);
		}
		for (i = 49; i >= 0; i--)
			assert_int_equal(coroutine_resume(S, ids[i]),
					 COROUTINE_DEAD);
		assert_int_equal(memory.blocks, before);
	}
	assert_int_equal(coroutine_close(S), 0);
	nothing_is_left();
}

int main(void)
{
	static const struct entry entries[] = {
		EACH("open without memory", open_without_memory),
		EACH("new allocates nothing", new_allocates_nothing),
#ifndef COROUTINE_NO_GUARD
		EACH_TEST(a_stack_that_cannot_be_opened),
#endif
		EACH("every allocation fails in turn", every_allocation_fails),
		UNLESS_STRICT("nobody is copied, so nobody needs memory",
			      "who needs memory", who_needs_memory),
		UNLESS_STRICT("nobody is copied, so nothing is refused",
			      "the way back needs no memory",
			      the_way_back_needs_no_memory),
		EACH("nested schedules without memory",
		     nested_schedules_without_memory),
		EACH("lives leave no block", lives_leave_no_block),
		EACH("ends free their images", ends_free_their_images),
	};

	return run_entries("memory", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
