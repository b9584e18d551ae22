#include "visit.h"

#include <ucontext.h>

/* Runs place() in a context of its own, on the stack of `size` bytes that
 * begins at `stack`, and comes back when place returns. */
void visit(void (*place)(void), void *stack, size_t size)
{
	/* TODO: make a context for place, and switch to it */
	(void)place;
	(void)stack;
	(void)size;
}
