/* WRONG ON PURPOSE: uc_link set after makecontext, which does not see it. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t here, there;
static char stack[65536];

static void guest(void)
{
	printf("guest: returns\n");
}

int main(void)
{
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	//! [late]
#ifdef MENDED
	there.uc_link = &here;
	makecontext(&there, guest, 0);
#else
	there.uc_link = NULL;
	makecontext(&there, guest, 0);
	there.uc_link = &here;
#endif
	//! [late]
	swapcontext(&here, &there);
	printf("main: is back\n");
	return 0;
}
