/* Misconception: the living frames lie between the base and the noted depth */
/* Rejected by: save keeps all from the noted depth to the top */
#include "image.h"

#include <stdlib.h>
#include <string.h>

int save(const struct stack *stack, struct frames *frames)
{
	size_t size = frames->low - (uintptr_t)stack->base + BELOW;

	if (size > stack->size)
		size = stack->size;
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
