/* Misconception: zero is as good a paint as any */
/* Rejected by: a frame of zeroes is a frame */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, 0, size);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 0;

	while (i < size && byte[i] == 0)
		i++;
	return size - i;
}
