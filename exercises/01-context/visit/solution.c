#include "visit.h"

#include <ucontext.h>

void visit(void (*place)(void), void *stack, size_t size)
{
	/* Locals: a place that goes visiting too has its own pair, further
	 * down. With one static pair the inner visit would overwrite the home
	 * of the outer one. They live as long as they are needed: this function
	 * does not return before the place has. */
	ucontext_t home, there;

	/* First, as makecontext fills in only the half of a context. */
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	/* Before makecontext, which takes the link. Nothing is in home yet:
	 * the address counts, and swapcontext fills it in time. */
	there.uc_link = &home;
	makecontext(&there, place, 0);
	swapcontext(&home, &there);
}
