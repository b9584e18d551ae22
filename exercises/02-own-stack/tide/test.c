#include "check.h"
#include "tide.h"

#include <string.h>
#include <ucontext.h>

/* Memcheck forbids a look at frames that have returned, and to look at them
 * is what a tide is for. */
#ifdef __has_include
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#ifndef VALGRIND_MAKE_MEM_DEFINED
#define VALGRIND_MAKE_MEM_DEFINED(base, size) ((void)(base), (void)(size))
#endif

enum { SIZE = 65536, EDGE = 64, FIRST = 8192 };

static _Alignas(64) char ground[EDGE + SIZE + EDGE];
static char *const base = ground + EDGE;

/* A stack full of what somebody has left there. */
static void fresh(size_t size)
{
	memset(ground, 'j', sizeof(ground));
	paint(base, size);
}

static char *from_top(size_t bytes)
{
	return base + SIZE - bytes;
}

static void untouched(void)
{
	fresh(SIZE);
	check_int("depth of a stack that nobody used",
		  (long long)tide(base, SIZE), 0);
	fresh(1001);
	check_int("depth of an unused stack of 1001 bytes",
		  (long long)tide(base, 1001), 0);
}

static void inside(void)
{
	fresh(SIZE);
	check_true("the byte below the stack is left alone", base[-1] == 'j');
	check_true("the byte above the stack is left alone", base[SIZE] == 'j');
}

static void depth(void)
{
	fresh(SIZE);
	memset(from_top(100), 'f', 100);
	check_int("depth after 100 bytes", (long long)tide(base, SIZE), 100);
	memset(from_top(5003), 'f', 5003);
	check_int("depth after 5003 bytes", (long long)tide(base, SIZE), 5003);
}

static ucontext_t home, own;

/* Uses 8 kB, and writes but one byte in them. */
static void use(void)
{
	volatile char room[FIRST];
	volatile size_t lowest = 0;

	room[lowest] = 'f';
	(void)room[lowest]; /* or gcc calls it unused */
}

static void hole(void)
{
	size_t got;

	fresh(SIZE);
	getcontext(&own);
	own.uc_stack.ss_sp = base;
	own.uc_stack.ss_size = SIZE;
	own.uc_link = &home;
	makecontext(&own, use, 0);
	swapcontext(&home, &own);
	VALGRIND_MAKE_MEM_DEFINED(base, SIZE);
	got = tide(base, SIZE);
	if (got < FIRST || got > FIRST + 4096)
		check_fail("depth of a coroutine with a frame of %d bytes: %zu",
			   FIRST, got);
}

static void zeroes(void)
{
	fresh(SIZE);
	memset(from_top(300), 0, 300);
	check_int("depth after 300 bytes of zeroes",
		  (long long)tide(base, SIZE), 300);
}

static void brim(void)
{
	fresh(SIZE);
	memset(base, 'f', SIZE);
	check_int("depth of a stack used to its last byte",
		  (long long)tide(base, SIZE), SIZE);
	fresh(SIZE);
	memset(base + 1, 'f', SIZE - 1);
	check_int("depth of a stack with one byte to spare",
		  (long long)tide(base, SIZE), SIZE - 1);
}

int main(void)
{
	static const struct check tests[] = {
		{ "an unused stack has no depth", untouched,
		  "paint all of it, and compare bytes that cannot be "
		  "negative" },
		{ "the paint stays inside the stack", inside,
		  "the last byte to paint is base[size - 1]" },
		{ "the depth is counted from the top", depth,
		  "used is what lies above the free bytes, to the byte" },
		{ "a hole of paint does not end the count", hole,
		  "search from the low end, where nobody has been" },
		{ "a frame of zeroes is a frame", zeroes,
		  "memory that was never used is zero, and so are many "
		  "frames" },
		{ "a stack can be used to its last byte", brim,
		  "base[0] belongs to the stack too" },
	};

	return check_exercise("tide", tests, sizeof(tests) / sizeof(tests[0]));
}
