/* Misconception: getcontext and setcontext are a swapcontext in two halves */
/* Rejected by: the guest runs once, and visit comes back */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home, there;

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	/* The way back leads here too, and from here on again. */
	getcontext(&home);
	setcontext(&there);
}
