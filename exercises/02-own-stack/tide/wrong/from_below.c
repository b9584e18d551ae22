/* Misconception: base is one past the end that the stack grows to */
/* Rejected by: the paint stays inside the stack */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base - 1, PAINT, size + 1);
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 0;

	while (i < size && byte[i] == PAINT)
		i++;
	return size - i;
}
