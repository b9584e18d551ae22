/* Misconception: a stack fills up from its base, like an array */
/* Rejected by: save keeps all from the noted depth to the top */
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
		char *image = malloc(size);

		if (!image)
			return -1;
		free(frames->image);
		frames->image = image;
		frames->room = size;
	}
	frames->size = size;
	memcpy(frames->image, stack->base, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
