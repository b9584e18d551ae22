#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	size_t free_bytes = 0;

	/* From the low end, where nobody has been: a frame may leave holes of
	 * paint (an array it never filled), so the first paint from the top
	 * tells nothing. As unsigned char: a plain char may be signed, and is
	 * then never equal to 0xA5. */
	while (free_bytes < size && (unsigned char)base[free_bytes] == PAINT)
		free_bytes++;
	/* What is left lies between the deepest byte and the top. */
	return size - free_bytes;
}
