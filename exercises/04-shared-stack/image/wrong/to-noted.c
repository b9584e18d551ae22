/* Misconception: the image begins at the noted depth */
/* Rejected by: the frames come back to the addresses they left */
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
	memcpy(frames->image, stack->base + from, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	(void)stack;
	memcpy((char *)frames->low, frames->image, frames->size - BELOW);
}
