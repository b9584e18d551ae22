/* Ends by: overflow, memory, time-out */
#include <ucontext.h>

#include "answer.h"

static ucontext_t home, digger;
static char stack[65536]; /* it digs through the data of the whole program */

static int dig(volatile int depth)
{
	return dig(depth + 1) + depth;
}

static void begin(void)
{
	dig(0);
}

int answer(void)
{
	getcontext(&digger);
	digger.uc_stack.ss_sp = stack;
	digger.uc_stack.ss_size = sizeof(stack);
	digger.uc_link = &home;
	makecontext(&digger, begin, 0);
	swapcontext(&home, &digger);
	return 42;
}
