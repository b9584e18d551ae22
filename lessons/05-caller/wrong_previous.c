/* WRONG ON PURPOSE: a schedule by hand that remembers one previous for all,
 * and so cannot come back to A. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <ucontext.h>

enum { MAIN, A, B, C, COUNT, STACK_SIZE = 65536 };

static const char *const names[COUNT] = { "main", "A", "B", "C" };
static ucontext_t contexts[COUNT];
static unsigned char stacks[COUNT][STACK_SIZE];
static int running = MAIN;
static int back_in_a;

static void say(const char *words)
{
	printf("%*s%s %s\n", 4 * running, "", names[running], words);
}

//! [previous]
#ifdef MENDED
static int caller[COUNT]; /* a link for each */

static void remember(int to)
{
	caller[to] = running;
}

static int who_resumed(void)
{
	return caller[running];
}
#else
static int previous; /* one place for all */

static void remember(int to)
{
	(void)to;
	previous = running;
}

static int who_resumed(void)
{
	return previous;
}
#endif
//! [previous]

//! [switch]
static void switch_to(int to)
{
	int me = running;

	running = to;
	swapcontext(&contexts[me], &contexts[to]);
}

static void resume(int to)
{
	remember(to);
	switch_to(to);
}

static void yield(void)
{
	switch_to(who_resumed());
}
//! [switch]

//! [body]
static void body(void)
{
	say("begins");
	if (running != C) {
		resume(running + 1);
		say("has control back");
		back_in_a |= running == A;
	}
	say("yields");
	yield();
	say("goes on after its yield, and ends");
}
//! [body]

static void make(int task)
{
	getcontext(&contexts[task]);
	contexts[task].uc_stack.ss_sp = stacks[task];
	contexts[task].uc_stack.ss_size = STACK_SIZE;
	contexts[task].uc_link = &contexts[MAIN];
	makecontext(&contexts[task], body, 0);
}

int main(void)
{
	for (int task = A; task <= C; task++)
		make(task);
	say("resumes A");
	resume(A);
	running = MAIN; /* whoever it was that came here */
	say("has control back");
	if (!back_in_a)
		say("finds that A still waits for B");
	return !back_in_a;
}
