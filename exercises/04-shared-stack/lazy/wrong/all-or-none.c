/* Misconception: once two coroutines share a stack, every switch must copy */
/* Rejected by: who goes on twice is copied once */
#include "lazy.h"

#include <stddef.h>

static int is_shared;

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner != NULL && stack->owner != co)
		is_shared = 1;
	if (stack->owner == co && !is_shared)
		return;
	if (stack->owner != NULL)
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
