/* Misconception: ss_sp is the stack pointer, so it begins at the top */
/* Rejected by: the guest stands on the stack it was given */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home, there;

	getcontext(&there);
	there.uc_stack.ss_sp = (char *)stack + size;
	there.uc_stack.ss_size = size;
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
