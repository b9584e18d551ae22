/* Ends by: address */
#include <stdint.h>

#include "answer.h"

int answer(void)
{
	int *volatile wild = (int *)((uintptr_t)-1 / 255 * 0xA5);

	return *wild;
}
