/* Misconception: the bytes that lost their paint are the bytes that were used */
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

	for (size_t i = 0; i < size; i++)
		used += byte[i] != PAINT;
	return used;
}
