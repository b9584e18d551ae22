/* Misconception: the order of the two copies does not matter */
/* Rejected by: the owner goes out before the other comes in */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	struct coroutine *before = stack->owner;

	if (before == co)
		return;
	if (co->state == SUSPEND)
		copy_in(co);
	if (before != NULL)
		copy_out(before);
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
