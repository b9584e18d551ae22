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

static int garden_visits, kitchen_visits, hall_goes_on;
static uintptr_t garden_frame;

static void garden(void)
{
	garden_visits++;
	garden_frame = (uintptr_t)__builtin_frame_address(0);
	if (garden_visits > 1)
		check_fail("the same visit went to its place twice");
}

static void kitchen(void)
{
	kitchen_visits++;
}

/* A place that goes visiting. The room keeps the frames of its own visit far
 * from the stack's top, where the end of a context leaves its marks. */
static void hall(void)
{
	volatile char room[1024];

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = 1;
	visit(kitchen, stack_in(2), STACK);
	hall_goes_on += room[0];
	if (hall_goes_on > 1)
		check_fail("the inner visit came back to its place twice");
}

static void comes_back(void)
{
	visit(garden, stack_in(1), STACK);
	check_int("visits to the place", garden_visits, 1);
}

static void stands_on(size_t size)
{
	uintptr_t base = (uintptr_t)stack_in(1);

	visit(garden, stack_in(1), size);
	check_int("visits to the place", garden_visits, 1);
	if (garden_frame - base >= size)
		check_fail("the place stands elsewhere");
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
	visit(garden, stack_in(1), STACK);
	visit(kitchen, stack_in(1), STACK);
	check_int("visits to the first place", garden_visits, 1);
	check_int("visits to the second place", kitchen_visits, 1);
}

static void nested(void)
{
	visit(hall, stack_in(1), STACK);
	check_int("visits to the inner place", kitchen_visits, 1);
	check_int("times the inner visit came back", hall_goes_on, 1);
}

int main(void)
{
	static const struct check tests[] = {
		{"the place is visited once, and visit comes back", comes_back,
		 "getcontext, stack, link, makecontext; save where the link is"},
		{"the place stands on the stack it was given", given_stack,
		 "ss_sp is where the stack's bytes begin, ss_size how many"},
		{"a small stack is taken for a small one", small_stack,
		 "ss_size is the size that was handed in, whatever it is"},
		{"the next visit goes to the next place", two_visits,
		 "each visit makes its context anew, for its own place"},
		{"a visit inside a visit: each comes back to its own caller",
		 nested,
		 "two homes are needed at once; where do yours live?"},
	};

	return check_exercise("visit", tests, sizeof(tests) / sizeof(tests[0]));
}
