/* Misconception: one saved home is enough for all visits */
/* Rejected by: a visit inside a visit: each comes back to its own caller */
#include "visit.h"

#include <ucontext.h>

static ucontext_t home, there;

void visit(void (*guest)(void), void *stack, size_t size)
{
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
