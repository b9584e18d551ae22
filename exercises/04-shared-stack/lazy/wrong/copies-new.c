/* Misconception: a coroutine that has not started has an image too */
/* Rejected by: the first coroutine finds an empty stack */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	if (stack->owner != NULL)
		copy_out(stack->owner);
	copy_in(co);
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
