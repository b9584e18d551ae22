#include "hanoi.h" /* first: it asks the headers for more */

#include "check.h"

#include <stdio.h>
#include <string.h>

/* Memcheck forbids a look at frames that have returned, even to clear them. */
#ifdef __has_include
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif
#endif
#ifndef VALGRIND_MAKE_MEM_UNDEFINED
#define VALGRIND_MAKE_MEM_UNDEFINED(base, size) ((void)(base), (void)(size))
#endif

/* Each tower lies between two stretches that are nobody's. */
static struct {
	char before[32768];
	struct hanoi tower;
	char after[32768];
} place[2];

static struct hanoi *const first = &place[0].tower;
static struct hanoi *const second = &place[1].tower;

/* The next `count` moves as text: "1-3 1-2 ". */
static const char *moves(struct hanoi *h, int count)
{
	static char text[256];
	size_t length = 0;

	text[0] = '\0';
	while (count-- > 0 && hanoi_next(h))
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "%d-%d ", h->from, h->to);
	return text;
}

static void one_disc(void)
{
	hanoi_begin(first, 1);
	check_int("what hanoi_next returned (1: a move)", hanoi_next(first), 1);
	check_int("the peg it comes from", first->from, 1);
	check_int("the peg it goes to", first->to, 3);
}

static void three_discs(void)
{
	hanoi_begin(first, 3);
	check_str("seven moves", moves(first, 7),
		  "1-3 1-2 3-2 1-3 2-1 2-3 1-3 ");
}

static void stays_inside(void)
{
	size_t i;
	int written = 0;

	hanoi_begin(first, 3);
	moves(first, 7);
	for (i = 0; i < sizeof(place[0].after); i++)
		written += place[0].before[i] != 0 || place[0].after[i] != 0;
	check_int("bytes written outside of struct hanoi", written, 0);
}

static void end(void)
{
	int i;

	hanoi_begin(first, 2);
	check_str("three moves", moves(first, 3), "1-2 1-3 2-3 ");
	check_int("what hanoi_next returned after the last move",
		  hanoi_next(first), 0);
	/* An ended coroutine needs its stack no more. */
	VALGRIND_MAKE_MEM_UNDEFINED(first->stack, sizeof(first->stack));
	memset(first->stack, 0, sizeof(first->stack));
	for (i = 0; i < 3; i++)
		check_int("what hanoi_next returned when asked once more",
			  hanoi_next(first), 0);
}

static void two_towers(void)
{
	static const char *const four[] = { "1-2 ", "1-3 ", "2-3 ", "1-2 ",
					    "3-1 ", "3-2 ", "1-2 ", "1-3 ",
					    "2-3 ", "2-1 ", "3-1 ", "2-3 ",
					    "1-2 ", "1-3 ", "2-3 " };
	static const char *const three[] = { "1-3 ", "1-2 ", "3-2 ", "1-3 ",
					     "2-1 ", "2-3 ", "1-3 " };
	int i;

	hanoi_begin(first, 4);
	hanoi_begin(second, 3);
	for (i = 0; i < 15; i++) {
		check_str("the next move of the tower with 4 discs",
			  moves(first, 1), four[i]);
		check_str("the next move of the tower with 3 discs",
			  moves(second, 1), i < 7 ? three[i] : "");
	}
}

static void anew(void)
{
	hanoi_begin(first, 1);
	check_str("all moves of a tower with 1 disc", moves(first, 2), "1-3 ");
	hanoi_begin(first, 2);
	check_str("all moves after a second begin", moves(first, 4),
		  "1-2 1-3 2-3 ");
}

/* Asks from deeper and deeper down the test's own stack. */
static int ask_from(struct hanoi *h, int depth)
{
	volatile char room[1024];
	int answer;
	size_t i;

	for (i = 0; i < sizeof(room); i++)
		room[i] = (char)depth;
	answer = depth == 0 ? hanoi_next(h) : ask_from(h, depth - 1);
	for (i = 0; i < sizeof(room); i++)
		check_true("the frames of whoever asks stay as they are",
			   room[i] == (char)depth);
	return answer;
}

static void from_anywhere(void)
{
	int i, got = 0;

	hanoi_begin(first, 3);
	for (i = 0; i < 7; i++)
		got += ask_from(first, i);
	check_int("moves for seven who ask", got, 7);
}

int main(void)
{
	static const struct check tests[] = {
		{ "one disc takes one move", one_disc,
		  "getcontext, ss_sp, ss_size, uc_link, then makecontext" },
		{ "every call of hanoi_next comes back to its own place",
		  from_anywhere,
		  "save the caller at every resume, not at the first alone" },
		{ "three discs take seven moves, in order", three_discs,
		  "hand_out must save where it stands: swapcontext" },
		{ "a tower writes nothing outside itself", stays_inside,
		  "ss_sp is the low end; makecontext finds the top by the "
		  "size" },
		{ "after the last move there is none", end,
		  "entry ends and uc_link goes to the caller; over tells it" },
		{ "two towers keep their own places", two_towers,
		  "nothing may be shared but `starting`, set at each resume" },
		{ "a second begin starts anew", anew,
		  "hanoi_begin sets every field that the last run has left" },
	};

	return check_exercise("hanoi", tests, sizeof(tests) / sizeof(tests[0]));
}
