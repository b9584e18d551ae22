/* Misconception: the result of realloc can be stored before it is checked */
/* Rejected by: without memory save says so and changes nothing */
#include "image.h"

#include <stdlib.h>
#include <string.h>

int save(const struct stack *stack, struct frames *frames)
{
	size_t from = frames->low - (uintptr_t)stack->base;
	size_t size;

	from = from > BELOW ? from - BELOW : 0;
	size = stack->size - from;
	if (size > frames->room) {
		frames->image = realloc(frames->image, size);
		if (!frames->image)
			return -1;
		frames->room = size;
	}
	frames->size = size;
	memcpy(frames->image, stack->base + from, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
