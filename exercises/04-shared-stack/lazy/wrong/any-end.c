/* Misconception: whoever ends was on the stack */
/* Rejected by: the end of another one leaves the owner alone */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	if (stack->owner != NULL)
		copy_out(stack->owner);
	if (co->state == SUSPEND)
		copy_in(co);
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	(void)co;
	stack->owner = NULL;
}
