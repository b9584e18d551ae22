/* Misconception: a coroutine owns the stack only once it has yielded */
/* Rejected by: one coroutine alone is never copied */
#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		return;
	if (stack->owner != NULL)
		copy_out(stack->owner);
	stack->owner = NULL;
	if (co->state == SUSPEND) {
		copy_in(co);
		stack->owner = co;
	}
}

void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
