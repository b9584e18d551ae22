/* Misconception: every save needs a new image, and nobody needs the old */
/* Rejected by: an image with room enough is used again */
#include "image.h"

#include <stdlib.h>
#include <string.h>

int save(const struct stack *stack, struct frames *frames)
{
	size_t from = frames->low - (uintptr_t)stack->base;
	size_t size;

	from = from > BELOW ? from - BELOW : 0;
	size = stack->size - from;
	char *image = malloc(size);

	if (!image)
		return -1;
	frames->image = image;
	frames->size = frames->room = size;
	memcpy(image, stack->base + from, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
