#include "check.h"
#include "visit.h"

#include <stdint.h>

/* Stacks with much free ground around them, so that an answer that misses its
 * stack is caught by its address, not by what it happens to overwrite. */
enum { GROUND = 4 << 20, STACK = 65536, SMALL = 32768 };

static char ground[4][GROUND];

static char *stack_in(int which)
{
	return ground[which] + GROUND / 2;
}

static int first_runs, second_runs, outer_goes_on;
static uintptr_t first_frame;

static void first(void)
{
	first_runs++;
	first_frame = (uintptr_t)__builtin_frame_address(0);
	if (first_runs > 1)
		check_fail("the same visit ran its guest twice");
}

static void second(void)
{
	second_runs++;
}

/* A guest that calls visit. The room keeps the frames of its own visit far
 * from the stack's top, where the end of a context leaves its marks. */
static void outer(void)
{
	volatile char room[1024];

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = 1;
	visit(second, stack_in(2), STACK);
	outer_goes_on += room[0];
	if (outer_goes_on > 1)
		check_fail("the inner visit came back twice");
}

static void comes_back(void)
{
	visit(first, stack_in(1), STACK);
	check_int("runs of the guest", first_runs, 1);
}

static void stands_on(size_t size)
{
	uintptr_t base = (uintptr_t)stack_in(1);

	visit(first, stack_in(1), size);
	check_int("runs of the guest", first_runs, 1);
	if (first_frame - base >= size)
		check_fail("the guest stands elsewhere");
}

static void given_stack(void)
{
	stands_on(STACK);
}

static void small_stack(void)
{
	stands_on(SMALL);
}

static void two_visits(void)
{
	visit(first, stack_in(1), STACK);
	visit(second, stack_in(1), STACK);
	check_int("runs of the first guest", first_runs, 1);
	check_int("runs of the second guest", second_runs, 1);
}

static void nested(void)
{
	visit(outer, stack_in(1), STACK);
	check_int("runs of the inner guest", second_runs, 1);
	check_int("times the inner visit came back", outer_goes_on, 1);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the guest runs once, and visit comes back", comes_back,
		  "swapcontext(&save_in, &go_to); makecontext is last of the "
		  "five" },
		{ "the guest stands on the stack it was given", given_stack,
		  "ss_sp is where the stack's bytes begin, ss_size how many" },
		{ "a smaller size is respected", small_stack,
		  "ss_size is the size that was handed in, whatever it is" },
		{ "the next visit runs the next guest", two_visits,
		  "each visit makes its context anew, for its own guest" },
		{ "a visit inside a visit: each comes back to its own caller",
		  nested,
		  "two homes are needed at once; where do yours live?" },
	};

	return check_exercise("visit", tests, sizeof(tests) / sizeof(tests[0]));
}
