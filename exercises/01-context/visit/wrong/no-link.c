/* Misconception: a function that returns comes back by itself */
/* Rejected by: the guest runs once, and visit comes back */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home, there;

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	there.uc_link = NULL;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
