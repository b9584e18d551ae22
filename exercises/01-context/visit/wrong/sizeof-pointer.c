/* Misconception: sizeof tells the size of what a pointer points to */
/* Rejected by: the guest stands on the stack it was given */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home, there;

	(void)size;
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
