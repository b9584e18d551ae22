/* Misconception: a stack is made of words, so it is read by the word */
/* Rejected by: the depth is counted from the top */
#include "tide.h"

#include <string.h>

void paint(char *base, size_t size)
{
	memset(base, PAINT, size);
}

size_t tide(const char *base, size_t size)
{
	const size_t word = sizeof(long);
	unsigned char clean[sizeof(long)];
	size_t i = 0;

	memset(clean, PAINT, word);
	while (i + word <= size && memcmp(base + i, clean, word) == 0)
		i += word;
	return size - i < word ? 0 : size - i;
}
