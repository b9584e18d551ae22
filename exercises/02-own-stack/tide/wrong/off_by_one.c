/* Misconception: the depth is the distance from the last byte to the deepest one */
/* Rejected by: the depth is counted from the top */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 0;

	while (i < size && byte[i] == PAINT)
		i++;
	return i < size ? size - 1 - i : 0;
}
