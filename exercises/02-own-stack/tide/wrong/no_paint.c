/* Misconception: fresh memory is zero, so it needs no paint */
/* Rejected by: an unused stack has no depth */
#include "tide.h"

void paint(char *base, size_t size)
{
	(void)base;
	(void)size;
}

size_t tide(const char *base, size_t size)
{
	const unsigned char *byte = (const unsigned char *)base;
	size_t i = 0;

	while (i < size && byte[i] == 0)
		i++;
	return size - i;
}
