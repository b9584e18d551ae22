/* WRONG ON PURPOSE: makecontext on a context that getcontext never filled.
 * -DHALF repairs the one pointer that it crashes on, on x86-64 with glibc. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* the names in uc_mcontext */
#endif
#include <stdio.h>
#include <ucontext.h>

static ucontext_t here, there;
static char stack[65536];

static void guest(void)
{
	volatile double one = 1.0;

	printf("guest: a half is %.3f\n", one / 2.0);
	fflush(stdout); /* a crash would take the line with it */
	printf("guest: a third is about %.3f\n", one / 3.0);
}

int main(void)
{
	//! [make]
#ifdef MENDED
	getcontext(&there);
#elif defined(HALF) && defined(__x86_64__) && defined(__GLIBC__)
	there.uc_mcontext.fpregs = &there.__fpregs_mem;
#endif
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, guest, 0);
	//! [make]
	printf("main: switches\n");
	fflush(stdout);
	swapcontext(&here, &there);
	printf("main: is back\n");
	return 0;
}
