/* Misconception: where nothing goes out, nothing must come in */
/* Rejected by: a stack whose owner ended is nobody's */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner != NULL && stack->owner != co) {
		copy_out(stack->owner);
		if (co->state == SUSPEND)
			copy_in(co);
	}
	stack->owner = co;
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
