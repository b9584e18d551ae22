/* Misconception: one stack needs one image */
/* Rejected by: two coroutines share a stack and lose nothing */
#include "image.h"

#include <stdlib.h>
#include <string.h>

static char *image; /* there is one stack, so one image will do */
static size_t room;

int save(const struct stack *stack, struct frames *frames)
{
	size_t from = frames->low - (uintptr_t)stack->base;
	size_t size;

	from = from > BELOW ? from - BELOW : 0;
	size = stack->size - from;
	if (size > room) {
		char *more = realloc(image, size);

		if (!more)
			return -1;
		image = more;
		room = size;
	}
	frames->image = image;
	frames->room = room;
	frames->size = size;
	memcpy(image, stack->base + from, size);
	return 0;
}

void restore(const struct stack *stack, const struct frames *frames)
{
	memcpy(stack->base + stack->size - frames->size, frames->image,
	       frames->size);
}
