#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	/* Locals: a visit inside a visit has its own pair. With one static
	 * pair the inner visit would overwrite the home of the outer one. They
	 * live as long as they are needed: this function does not return
	 * before the guest has. */
	ucontext_t home, there;

	/* First, as makecontext fills in only the half of a context. */
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	/* Before makecontext, which takes the link. Nothing is in home yet:
	 * the address counts, and swapcontext fills it in time. */
	there.uc_link = &home;
	makecontext(&there, guest, 0);
	swapcontext(&home, &there);
}
