#include "lazy.h"

#include <stddef.h>

void settle(struct stack *stack, struct coroutine *co)
{
	/* Its frames never left. The image, if there is one, is older. */
	if (stack->owner == co)
		return;
	/* Out before in: coming in overwrites what is there. */
	if (stack->owner != NULL)
		copy_out(stack->owner);
	/* READY has no frames: the image would be nothing, or garbage. */
	if (co->state == SUSPEND)
		copy_in(co);
	stack->owner = co;
}

/* A dead owner must not be copied out later: its image may be freed by then.
 * A coroutine that ends while it is suspended (its schedule is closed, say) may
 * own nothing; the owner is somebody else then, and still needs its frames. */
void ended(struct stack *stack, struct coroutine *co)
{
	if (stack->owner == co)
		stack->owner = NULL;
}
