/* The margin: what a switch keeps below the caller of swapcontext.
 *
 * Where swapcontext is written in assembly it has no frame, and no test would
 * notice a margin of 0. So this program is linked with one that is written in C,
 * as macOS and older FreeBSD have it: a frame below its caller's, left by
 * setcontext and come back to. It keeps bytes as deep in that frame as the
 * library promises to save, and says what is left of them when it is back.
 *
 *   caller's frame                leave() in coroutine.c
 *   --------------- CFA           where the caller's frame ends
 *   return address, registers
 *   ...             CFA - 9 and deeper, by compiler: the depth that is noted
 *   ...
 *   bytes           CFA - 136     the deepest byte: 97 to 127 below that depth
 *   ---------------               whatever else the frame has; not needed
 *
 * The offsets are those of x86-64; elsewhere nothing is tested. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"

#include <ucontext.h>

#ifdef __x86_64__
enum { OFFSETS_ARE_KNOWN = 1 };
#else
enum { OFFSETS_ARE_KNOWN = 0 };
#endif

enum { SLOTS = 5, TURNS = 3, BYTES = 64, REACH = 136, FRAME = 256 };

/* What the coroutines share with swapcontext. */
static struct {
	struct schedule *S;
	unsigned char put[BYTES];   /* what the one who leaves wants kept */
	unsigned char found[BYTES]; /* what the one who is back has found */
	int leaving;
	int ids[SLOTS];
	int numbers[SLOTS];
	int checks;
} it;

/* ---- A swapcontext written in C -------------------------------------------- */

int __wrap_swapcontext(ucontext_t *here, const ucontext_t *next);

/* The CFA lies above the return address and the frame pointer. */
static inline __attribute__((always_inline)) volatile unsigned char *
place_of_bytes(const char *frame_address)
{
	return (volatile unsigned char *)frame_address + 16 - REACH;
}

/* After the return it needs the bytes and what lies above them, no matter how a
 * compiler arranges the frame. */
__attribute__((noinline)) int __wrap_swapcontext(ucontext_t *here,
						 const ucontext_t *next)
{
	volatile unsigned char frame[FRAME], *bytes;

	bytes = place_of_bytes(__builtin_frame_address(0));
	if (bytes < frame || bytes + BYTES > frame + FRAME)
		abort();
	for (int i = 0; i < BYTES; i++)
		bytes[i] = it.put[i];
	it.leaving = 1;
	if (getcontext(here) == -1)
		return -1;
	if (it.leaving) {
		it.leaving = 0;
		return setcontext(next);
	}
	bytes = place_of_bytes(__builtin_frame_address(0));
	for (int i = 0; i < BYTES; i++)
		it.found[i] = bytes[i];
	return 0;
}

/* ---- Who leaves, and comes back -------------------------------------------- */

static void make_bytes(unsigned char *bytes, int me, int turn)
{
	for (int i = 0; i < BYTES; i++)
		bytes[i] = (unsigned char)(me * 85 + turn * 29 + i * 7 + 1);
}

static void must_find(int me, int turn)
{
	unsigned char wanted[BYTES];

	make_bytes(wanted, me, turn);
	assert_memory_equal(it.found, wanted, BYTES);
	it.checks++;
}

static void yields(struct schedule *S, void *ud)
{
	int me = *(int *)ud;

	for (int turn = 0; turn < TURNS; turn++) {
		make_bytes(it.put, me, turn);
		assert_int_equal(coroutine_yield(S), 0);
		must_find(me, turn);
	}
}

static void transfers(struct schedule *S, void *ud)
{
	int me = *(int *)ud;

	for (int turn = 0; turn < TURNS; turn++) {
		make_bytes(it.put, me, turn);
		coroutine_transfer(S, it.ids[(me + 1) % SLOTS]);
		must_find(me, turn);
	}
}

/* Each stands aside for the next one, which ends. */
static void resumes(struct schedule *S, void *ud)
{
	int me = *(int *)ud;

	if (me + 1 == SLOTS)
		return;
	make_bytes(it.put, me, 0);
	coroutine_resume(S, it.ids[me + 1]);
	must_find(me, 0);
}

/* ---- The tests ------------------------------------------------------------- */

static void run(void **state, coroutine_func func, int checks)
{
	if (!OFFSETS_ARE_KNOWN)
		skip();
	it.checks = 0;
	it.S = open_under(state, SLOTS);
	assert_non_null(it.S);
	for (int i = 0; i < SLOTS; i++) {
		it.numbers[i] = i;
		it.ids[i] = coroutine_new(it.S, func, &it.numbers[i]);
	}
	for (int turn = 0; turn <= TURNS; turn++)
		for (int i = 0; i < SLOTS; i++)
			coroutine_resume(it.S, it.ids[i]);
	assert_int_equal(it.checks, checks);
	assert_int_equal(coroutine_close(it.S), 0);
}

static void bytes_below_a_yield(void **state)
{
	run(state, yields, SLOTS * TURNS);
}

static void bytes_below_a_transfer(void **state)
{
	run(state, transfers, SLOTS * TURNS);
}

static void bytes_below_a_resume(void **state)
{
	run(state, resumes, SLOTS - 1);
}

int main(void)
{
	static const struct entry entries[] = {
		EACH_TEST(bytes_below_a_yield),
		EACH_TEST(bytes_below_a_transfer),
		EACH_TEST(bytes_below_a_resume),
	};

	return run_entries("margin", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
