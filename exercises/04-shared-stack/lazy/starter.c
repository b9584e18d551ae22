#include "lazy.h"

/* When settle returns, the stack is ready for co: its frames are on it, if it
 * has any. Call copy_out and copy_in as seldom as possible: nobody is copied
 * before another one needs the place. */
void settle(struct stack *stack, struct coroutine *co)
{
	/* TODO: whose frames are on the stack now? */
	copy_in(co);
	stack->owner = co;
}

/* Nobody needs the frames of a dead coroutine. */
void ended(struct stack *stack, struct coroutine *co)
{
	/* TODO */
	(void)stack;
	(void)co;
}
