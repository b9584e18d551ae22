/* Misconception: a char holds 0xA5 like any other byte */
/* Rejected by: an unused stack has no depth */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	const signed char *byte = (const signed char *)base;
	int wanted = PAINT;
	size_t i = 0;

	while (i < size && byte[i] == wanted)
		i++;
	return size - i;
}
