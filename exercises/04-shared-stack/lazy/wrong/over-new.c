/* Misconception: a coroutine that starts overwrites nothing */
/* Rejected by: who has the stack is copied out for another */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	if (co->state == SUSPEND) {
		if (stack->owner != NULL)
			copy_out(stack->owner);
		copy_in(co);
	}
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
