/* Bare contexts: swapcontext has no room for a value, so memory carries it. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, worker;
static char stack[65536];
static int box;

//! [box]
static void square(void)
{
	for (;;) {
		box = box * box;
		swapcontext(&worker, &home);
	}
}

static void ask(int question)
{
	box = question;
	int returned = swapcontext(&home, &worker);
	printf("asked %d: swapcontext returned %d, the box holds %d\n",
	       question, returned, box);
}
//! [box]

int main(void)
{
	getcontext(&worker);
	worker.uc_stack.ss_sp = stack;
	worker.uc_stack.ss_size = sizeof(stack);
	worker.uc_link = &home;
	makecontext(&worker, square, 0);
	ask(7);
	ask(12);
	return 0;
}
