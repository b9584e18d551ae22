/* Where the frames of nested calls lie, in main and in a coroutine. */
#include "hand.h"

static struct hand one;
static uintptr_t first; /* the outermost frame of this telling */

static const char *ground(uintptr_t where)
{
	if (on_stack(&one.stack, where))
		return "the private stack";
	return on_main_stack(where) ? "main's stack" : "no stack we know";
}

static void tell(const char *name, uintptr_t room)
{
	printf("  %-5s on %s", name, ground(room));
	if (room < first)
		printf(", %lu kB further down",
		       (unsigned long)((first - room) / KB));
	else if (room > first)
		printf(", further up");
	putchar('\n');
}

//! [frames]
NOINLINE static void inner(void)
{
	volatile char room[4 * KB];

	room[0] = 0; /* makes the frame real */
	tell("inner", (uintptr_t)room);
}

NOINLINE static void outer(void)
{
	volatile char room[4 * KB];

	room[0] = 0;
	tell("outer", (uintptr_t)room);
	inner();
	room[1] = 0; /* inner's frame stands below this one, not in its place */
}

NOINLINE static void body(struct hand *self)
{
	volatile char room[4 * KB];

	(void)self;
	room[0] = 0;
	first = (uintptr_t)room;
	tell("body", first);
	outer();
	room[1] = 0;
}
//! [frames]

int main(void)
{
	hand_make(&one, "one", body, 64 * KB);
	puts("called by main:");
	body(NULL);
	puts("called by the coroutine:");
	hand_resume(&one);
	stack_free(&one.stack);
	return 0;
}
