/* Misconception: below the stack there is always more stack */
/* Rejected by: near the base the copy begins at the base */
#include "image.h"

#include <stdlib.h>
#include <string.h>

int save(const struct stack *stack, struct frames *frames)
{
	char *from = (char *)frames->low - BELOW;
	size_t size = (size_t)(stack->base + stack->size - from);

	if (size > frames->room) {
		char *image = malloc(size);

		if (!image)
			return -1;
		free(frames->image);
		frames->image = image;
		frames->room = size;
	}
	frames->size = size;
	memcpy(frames->image, from, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
