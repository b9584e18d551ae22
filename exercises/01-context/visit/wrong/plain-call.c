/* Misconception: to run a function is to call it */
/* Rejected by: the guest stands on the stack it was given */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	(void)stack;
	(void)size;
	guest();
}
