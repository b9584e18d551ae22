/* Misconception: swapcontext takes first where to go, as an assignment does */
/* Rejected by: the guest runs once, and visit comes back */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	ucontext_t home = { 0 }, there;

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&there, &home);
}
