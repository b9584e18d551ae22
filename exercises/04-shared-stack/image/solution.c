#include "image.h"

#include <stdlib.h>
#include <string.h>

/* The stack grows down, so what lives reaches up to the top. A little below
 * the noted depth counts too: the switch itself wrote there. Counted from the
 * base, nothing can fall below it and wrap around. */
static size_t dead_bytes(const struct stack *stack, uintptr_t low)
{
	size_t above_base = low - (uintptr_t)stack->base;

	return above_base > BELOW ? above_base - BELOW : 0;
}

int save(const struct stack *stack, struct frames *frames)
{
	size_t dead = dead_bytes(stack, frames->low);
	size_t size = stack->size - dead;

	if (size > frames->room) {
		/* Not realloc into frames->image: NULL there would lose the
		 * old image. Nor would realloc's copy of it be of any use. */
		char *image = malloc(size);

		if (image == NULL)
			return -1;
		free(frames->image);
		frames->image = image;
		frames->room = size;
	}
	/* Less than the room is common: a coroutine comes up again. */
	frames->size = size;
	memcpy(frames->image, stack->base + dead, size);
	return 0;
}

/* To the same addresses: the frames hold pointers to each other, and the
 * context holds a stack pointer into them. The image stays, with its room. */
void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
