/* WRONG ON PURPOSE: a guard of one page, and one frame that is larger than a
 * page: it steps over the guard. -DMENDED makes the guard wider. */
#include "hand.h"

#include <sys/wait.h>

#ifdef MENDED
enum { GUARD = 64 * KB };
#else
enum { GUARD = 4 * KB };
#endif
enum { SIZE = 64 * KB, BELOW = 64 * KB };

static struct hand one;

//! [leap]
/* 80 kB: more than the stack has. Only the lowest byte of it is written. */
NOINLINE static char leap(size_t index)
{
	volatile char room[80 * KB];

	room[index] = 'x';
	return room[index];
}
//! [leap]

/* volatile: the compiler may not know it, and so keeps the whole frame. */
static volatile size_t lowest = 0;

static void body(struct hand *self)
{
	(void)self;
	if (leap(lowest) == 'x')
		puts("the coroutine came back");
}

/* From low to high: the neighbour, the guard, the stack of the coroutine. */
static char *make_ground(void)
{
	struct stack ground;

	if (stack_make(&ground, BELOW + GUARD + SIZE, 0) == -1)
		exit(1);
	one.stack = ground;
	one.stack.base += BELOW + GUARD;
	one.stack.size = SIZE;
	mprotect(ground.base + BELOW, GUARD, PROT_NONE);
	return ground.base;
}

static int try(void)
{
	const char *neighbour = make_ground();
	int written = 0;

	one.func = body;
	hand_start(&one);
	hand_resume(&one);
	for (int i = 0; i < BELOW; i++)
		written += neighbour[i] != 0;
	printf("the neighbour is %s\n", written ? "DAMAGED" : "whole");
	return 0;
}

int main(void)
{
	int status;

	printf("a guard of %d kB\n", GUARD / KB);
	fflush(stdout);
	if (fork() == 0)
		exit(try());
	wait(&status);
	if (WIFSIGNALED(status))
		puts("the coroutine was stopped at the guard");
	return WIFSIGNALED(status);
}
