/* Misconception: a stack has 65536 bytes, as in the lesson */
/* Rejected by: a smaller size is respected */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home, there;

	(void)size;
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = 65536;
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
