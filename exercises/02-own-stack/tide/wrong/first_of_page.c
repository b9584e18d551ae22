/* Misconception: one look at each page is enough */
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
		i += 4096;
	return i < size ? size - i : 0;
}
