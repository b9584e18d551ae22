/* Misconception: the lowest byte is the guard's */
/* Rejected by: a stack can be used to its last byte */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 1;

	while (i < size && byte[i] == PAINT)
		i++;
	return size - i;
}
