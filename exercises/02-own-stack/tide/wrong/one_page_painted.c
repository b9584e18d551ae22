/* Misconception: a stack is one page, the rest comes when it is needed */
/* Rejected by: an unused stack has no depth */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size < 4096 ? size : 4096);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 0;

	while (i < size && byte[i] == PAINT)
		i++;
	return size - i;
}
