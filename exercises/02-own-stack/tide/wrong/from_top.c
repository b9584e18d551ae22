/* Misconception: the first paint seen from the top is where the stack ends */
/* Rejected by: a hole of paint does not end the count */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t used = 0;

	while (used < size && byte[size - 1 - used] != PAINT)
		used++;
	return used;
}
