/* Misconception: a coroutine is always as deep as at its first yield */
/* Rejected by: deeper frames get a larger image */
#include "image.h"

#include <stdlib.h>
#include <string.h>

int save(const struct stack *stack, struct frames *frames)
{
	size_t from = frames->low - (uintptr_t)stack->base;
	size_t size;

	from = from > BELOW ? from - BELOW : 0;
	size = stack->size - from;
	if (!frames->image) {
		frames->image = malloc(size);
		if (!frames->image)
			return -1;
		frames->room = size;
	}
	frames->size = size < frames->room ? size : frames->room;
	memcpy(frames->image, stack->base + stack->size - frames->size,
	       frames->size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
