/*
 * First on a make-believe stack of known bytes, then on a real one that two
 * coroutines share. The last test, moment by moment (out: save, in: restore):
 *
 *	main:   in A .... out A, in B .... out B, in A ....
 *	stack:       A 1              B 1              A 2
 */
#define _XOPEN_SOURCE 600
#include "check.h"
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#ifdef __GNUC__
#define NOINLINE __attribute__((noinline))
#define NO_ASAN __attribute__((no_sanitize_address))
#else
#define NOINLINE
#define NO_ASAN
#endif

/* Valgrind takes frames that lie on the heap for undefined bytes. */
#if defined __has_include
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#ifndef VALGRIND_MAKE_MEM_DEFINED
#define VALGRIND_MAKE_MEM_DEFINED(start, size) ((void)(start), (void)(size))
#define VALGRIND_STACK_REGISTER(start, end) ((void)(start), (void)(end), 0)
#endif

/* ASan ends the program where malloc would return NULL, unless told so. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* ---- a stack of known bytes -------------------------------------------- */

enum { SIZE = 4096, AROUND = 1024 };

/* Whoever reads or writes outside the stack stays inside this. */
static char memory[AROUND + SIZE + AROUND];
static const struct stack stack = { memory + AROUND, SIZE };

static char known(size_t offset)
{
	return (char)(offset * 7 % 101);
}

static void fill(void)
{
	size_t i;

	memset(memory, 0x5A, sizeof(memory));
	for (i = 0; i < SIZE; i++)
		stack.base[i] = known(i);
}

static void poison(void)
{
	memset(stack.base, 0xA5, SIZE);
}

/* Saves what lives on the stack from base + low on. */
static void saved(struct frames *f, size_t low)
{
	f->low = (uintptr_t)stack.base + low;
	check_int("what save returns", save(&stack, f), 0);
	if (f->image == NULL)
		check_fail("save returned 0, and the image is NULL");
}

/* Bytes of the stack, from base + low on, that are what fill() made them. */
static int intact(size_t low)
{
	int count = 0;
	size_t i;

	for (i = low; i < SIZE; i++)
		count += stack.base[i] == known(i);
	return count;
}

static void copies(void)
{
	struct frames f = { 0, NULL, 0, 0 };
	size_t i;
	int same = 0;

	fill();
	saved(&f, 3000);
	if (f.size < 1096 || f.size > SIZE)
		check_fail("size is %zu; of %d bytes, 1096 live", f.size, SIZE);
	for (i = 1; i <= 1096; i++)
		same += f.image[f.size - i] == known(SIZE - i);
	check_int("right bytes of the 1096 at the image's end", same, 1096);
	free(f.image);
}

static void below(void)
{
	struct frames f = { 0, NULL, 0, 0 };

	fill();
	saved(&f, 3000);
	check_int("size, 1096 bytes deep", (long long)f.size, 1096 + BELOW);
	check_int("the first byte of the image", f.image[0],
		  known(3000 - BELOW));
	free(f.image);
}

static void base(void)
{
	struct frames f = { 0, NULL, 0, 0 };

	fill();
	saved(&f, 50);
	check_int("size, 50 bytes above the base", (long long)f.size, SIZE);
	check_int("the first byte of the image", f.image[0], known(0));
	free(f.image);
}

static void grows(void)
{
	struct frames f = { 0, NULL, 0, 0 };

	fill();
	saved(&f, 3500);
	check_int("size, 596 bytes deep", (long long)f.size, 596 + BELOW);
	saved(&f, 2500);
	check_int("size, then 1596 bytes deep", (long long)f.size,
		  1596 + BELOW);
	if (f.room < f.size)
		check_fail("room is %zu, and size %zu", f.room, f.size);
	free(f.image);
}

static void used_again(void)
{
	struct frames f = { 0, NULL, 0, 0 };
	char *image;

	fill();
	saved(&f, 2500);
	image = f.image;
	saved(&f, 3500);
	saved(&f, 2500);
	if (f.image != image)
		check_fail("the image had room, and save took another one");
	free(f.image);
}

static void come_back(void)
{
	struct frames f = { 0, NULL, 0, 0 };

	fill();
	saved(&f, 3000);
	poison();
	restore(&stack, &f);
	check_int("of the upper 1096 bytes back in place", intact(3000), 1096);
	free(f.image);
}

static void shallow(void)
{
	struct frames f = { 0, NULL, 0, 0 };

	memset(stack.base, 'd', SIZE);
	saved(&f, 1000);
	fill();
	saved(&f, 3000);
	poison();
	restore(&stack, &f);
	check_int("of the upper 1096 bytes back in place", intact(3000), 1096);
	free(f.image);
}

/* Memory given back too early is somebody else's at once. */
static void stays(void)
{
	struct frames f = { 0, NULL, 0, 0 };
	char *other;

	fill();
	saved(&f, 3000);
	restore(&stack, &f);
	other = malloc(f.room);
	if (other == f.image)
		check_fail("restore freed the image");
	free(other);
	free(f.image);
}

/* No machine has the memory for this stack; nobody may touch it. */
static void no_memory(void)
{
	const struct stack huge = { stack.base, SIZE_MAX / 4 };
	struct frames f = { 0, NULL, 0, 0 };
	size_t room;
	char *image;

	fill();
	saved(&f, 3000);
	image = f.image;
	room = f.room;
	check_int("what save returns without memory", save(&huge, &f), -1);
	if (f.image != image)
		check_fail("the old image is gone");
	check_int("size, as before", (long long)f.size, 1096 + BELOW);
	check_int("room, as before", (long long)f.room, (long long)room);
	free(f.image);
}

/* ---- a real stack -------------------------------------------------------- */

enum { REAL = 64 * 1024, TURNS = 3 };

static _Alignas(64) char ground[REAL];
static const struct stack shared = { ground, REAL };
static ucontext_t home;

struct coroutine {
	ucontext_t context;
	struct frames frames;
	int first, turns, kept;
};

static struct coroutine *running;

NOINLINE NO_ASAN static void note_depth(uintptr_t *low)
{
	volatile char here = 0;

	*low = (uintptr_t)&here;
}

NO_ASAN static void yield(void)
{
	note_depth(&running->frames.low);
	swapcontext(&running->context, &home);
}

/* Counts in a local array: all of it must be there after each yield. */
NO_ASAN static void count(void)
{
	volatile int bag[64];
	int turn, i;

	for (i = 0; i < 64; i++)
		bag[i] = running->first;
	for (turn = 0; turn < TURNS; turn++) {
		yield();
		for (i = 0; i < 64; i++)
			running->kept += bag[i]++ == running->first + turn;
		running->turns++;
	}
	setcontext(&home);
}

static void start(struct coroutine *co)
{
	getcontext(&co->context);
	co->context.uc_stack.ss_sp = ground;
	co->context.uc_stack.ss_size = REAL;
	co->context.uc_link = &home;
	makecontext(&co->context, count, 0);
}

static void run(struct coroutine *co, int turn)
{
	VALGRIND_MAKE_MEM_DEFINED(ground, REAL);
	memset(ground, 0xA5, REAL);
	if (turn == 0)
		start(co);
	else
		restore(&shared, &co->frames);
	running = co;
	swapcontext(&home, &co->context);
	VALGRIND_MAKE_MEM_DEFINED(ground, REAL);
	if (turn < TURNS)
		check_int("what save returns", save(&shared, &co->frames), 0);
}

static void real(void)
{
	static struct coroutine a, b;
	int turn;

	(void)VALGRIND_STACK_REGISTER(ground, ground + REAL);
	a.first = 0;
	b.first = 100;
	for (turn = 0; turn <= TURNS; turn++) {
		run(&a, turn);
		run(&b, turn);
	}
	check_int("turns of A", a.turns, TURNS);
	check_int("turns of B", b.turns, TURNS);
	check_int("numbers A found unchanged", a.kept, 64 * TURNS);
	check_int("numbers B found unchanged", b.kept, 64 * TURNS);
	free(a.frames.image);
	free(b.frames.image);
}

int main(void)
{
	static const struct check tests[] = {
		{ "save keeps all from the noted depth to the top", copies,
		  "return 0 when the frames are kept, all up to base + size" },
		{ "save keeps the bytes just below the noted depth", below,
		  "the switch wrote there: begin BELOW bytes lower" },
		{ "near the base the copy begins at the base", base,
		  "low - BELOW may lie below the stack: begin at base then" },
		{ "deeper frames get a larger image", grows,
		  "compare the size you need with frames->room" },
		{ "an image with room enough is used again", used_again,
		  "allocate only when frames->room is too small" },
		{ "the image stays while the coroutine runs", stays,
		  "the next save needs it: restore frees nothing" },
		{ "the frames come back to the addresses they left", come_back,
		  "their last byte was the stack's last byte" },
		{ "shallow frames come back after deep ones", shallow,
		  "size is what the image holds, room what it could hold" },
		{ "without memory save says so and changes nothing", no_memory,
		  "look at what malloc returns before you store it" },
		{ "two coroutines share a stack and lose nothing", real,
		  "each coroutine needs an image of its own" },
	};

	return check_exercise("image", tests, sizeof(tests) / sizeof(tests[0]));
}
