/* WRONG ON PURPOSE: two stacks side by side and nothing between them. A goes
 * too deep and writes over B's frames. -DRETURNS lets B return. -DMENDED gives
 * each stack a guard, and a handler, on a stack of its own, that says who ran
 * into it. */
#include "hand.h"

#include <signal.h>
#include <string.h>

enum { SIZE = 32 * KB };

static struct hand a, b;
static volatile char *letter_of_b;

static int damaged(void)
{
	int bytes = 0;

	for (int i = 0; i < 16 * KB; i++)
		bytes += letter_of_b[i] != 'B';
	return bytes > 0;
}

//! [deep]
NOINLINE static void deep(int calls)
{
	volatile char room[KB];

	for (size_t i = 0; i < sizeof room; i++)
		room[i] = 'A';
	if (calls > 1)
		deep(calls - 1);
	room[0] = room[1];
}

static void run_a(struct hand *self)
{
	(void)self;
	puts("A: 40 calls of 1 kB each, on a stack of 32 kB");
	fflush(stdout);
	deep(40);
	puts("A: came back, nothing to report");
}

static void run_b(struct hand *self)
{
	volatile char letter[16 * KB]; /* at the top of B's stack */

	(void)self;
	for (size_t i = 0; i < sizeof letter; i++)
		letter[i] = 'B';
	letter_of_b = letter;
	hand_yield(&b);
	printf("B: my letter is %s\n", damaged() ? "DAMAGED" : "whole");
#ifdef RETURNS
	puts("B: and now I return");
	fflush(stdout); /* a crash would take the lines with it */
#else
	hand_yield(&b);
#endif
}
//! [deep]

#ifdef MENDED
//! [guard]
static void make_stacks(void)
{
	if (stack_make(&b.stack, SIZE, 64 * KB) == -1 ||
	    stack_make(&a.stack, SIZE, 64 * KB) == -1)
		exit(1);
}
//! [guard]

static void say(const char *words)
{
	if (write(STDOUT_FILENO, words, strlen(words)) == -1)
		_exit(2);
}

/* Signal handlers may not printf. */
static void handler(int signum, siginfo_t *info, void *context)
{
	const char *where = info->si_addr;

	(void)signum;
	(void)context;
	if (where >= a.stack.map && where < a.stack.base)
		say("stopped: A ran into the guard below its stack\n");
	say(damaged() ? "B's letter is DAMAGED\n" : "B's letter is whole\n");
	_exit(1);
}

/* The handler cannot stand on the stack that is full. */
static void watch(void)
{
	static char room[64 * KB];
	stack_t other = { .ss_sp = room, .ss_size = sizeof room };
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&other, NULL);
	action.sa_sigaction = handler;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL); /* what some systems send instead */
}
#else
//! [array]
static _Alignas(64) char ground[2 * SIZE];

static void make_stacks(void)
{
	b.stack.base = ground; /* B below, A above it */
	a.stack.base = ground + SIZE;
	a.stack.size = b.stack.size = SIZE;
}
//! [array]

static void watch(void)
{
}
#endif

int main(void)
{
	a.func = run_a;
	b.func = run_b;
	make_stacks();
	watch();
	hand_start(&a);
	hand_start(&b);
	hand_resume(&b);
	hand_resume(&a);
	hand_resume(&b);
	puts("main: the end, as if all were well");
	return 0;
}
