/* uc_link: where a context goes when its function returns. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, there;
static char stack[65536];

static void guest(void)
{
	printf("\tguest: arrives, and goes to fetch something\n");
	swapcontext(&there, &home);
	printf("\tguest: is back, and returns for good\n");
}

int main(void)
{
	//! [link]
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &home; /* nothing has been saved in home yet */
	makecontext(&there, guest, 0);

	printf("main: at the front door\n");
	swapcontext(&home, &there);
	printf("main: after the front door\n");

	printf("main: at the back door\n");
	swapcontext(&home, &there);
	printf("main: after the back door\n");
	//! [link]
	return 0;
}
