#include "image.h"

/* A coroutine has left the stack. Its frames reach from BELOW bytes under
 * frames->low, but never from under stack->base, up to the stack's top.
 * Copy them to frames->image: take more memory only when the room does not
 * suffice, and note size and room. Return 0; -1 when there is no memory. */
int save(const struct stack *stack, struct frames *frames)
{
	/* TODO: from where, how many bytes, is there room, copy */
	(void)stack;
	(void)frames;
	return -1;
}

/* The coroutine goes on: put its frames back where they were. */
void restore(const struct stack *stack, const struct frames *frames)
{
	/* TODO: one copy */
	(void)stack;
	(void)frames;
}
