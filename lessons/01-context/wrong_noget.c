/* WRONG ON PURPOSE: makecontext on a context that getcontext never filled. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t here, there;
static char stack[65536];

static void guest(void)
{
	volatile double one = 1.0;

	printf("guest: a third is about %.3f\n", one / 3.0);
}

int main(void)
{
	//! [make]
#ifdef MENDED
	getcontext(&there);
#endif
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, guest, 0);
	//! [make]
	printf("main: switches\n");
	fflush(stdout); /* a crash would take the line with it */
	swapcontext(&here, &there);
	printf("main: is back\n");
	return 0;
}
