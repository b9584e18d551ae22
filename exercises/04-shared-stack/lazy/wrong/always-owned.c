/* Misconception: a stack always belongs to somebody */
/* Rejected by: the first coroutine finds an empty stack */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	copy_out(stack->owner);
	if (co->state == SUSPEND)
		copy_in(co);
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
