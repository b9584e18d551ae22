/* Misconception: paint below, frames above: the border can be found by halving */
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
	size_t low = 0, high = size;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (byte[middle] == PAINT)
			low = middle + 1;
		else
			high = middle;
	}
	return size - low;
}
