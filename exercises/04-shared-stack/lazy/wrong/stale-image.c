/* Misconception: who is on the stack must still be refreshed from its image */
/* Rejected by: one coroutine alone is never copied */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner != NULL && stack->owner != co)
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
