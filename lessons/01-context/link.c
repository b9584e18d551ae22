/* uc_link: where a context goes when its function returns. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, guest;
static char stack[65536];

static void visit(void)
{
	printf("\tguest: arrives, and goes to fetch something\n");
	swapcontext(&guest, &home);
	printf("\tguest: is back, and returns for good\n");
}

int main(void)
{
	//! [link]
	getcontext(&guest);
	guest.uc_stack.ss_sp = stack;
	guest.uc_stack.ss_size = sizeof(stack);
	guest.uc_link = &home; /* nothing has been saved in home yet */
	makecontext(&guest, visit, 0);

	printf("main: at the front door\n");
	swapcontext(&home, &guest);
	printf("main: after the front door\n");

	printf("main: at the back door\n");
	swapcontext(&home, &guest);
	printf("main: after the back door\n");
	//! [link]
	return 0;
}
