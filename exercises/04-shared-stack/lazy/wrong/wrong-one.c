/* Misconception: the newcomer is the one who must be kept */
/* Rejected by: who has the stack is copied out for another */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	if (stack->owner != NULL)
		copy_out(co);
	if (co->state == SUSPEND)
		copy_in(co);
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
