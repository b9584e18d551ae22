/* Ends by: overflow */
#include "answer.h"

static int dig(volatile int depth)
{
	return dig(depth + 1) + depth;
}

int answer(void)
{
	return dig(0);
}
