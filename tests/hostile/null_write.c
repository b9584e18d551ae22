/* Ends by: null */
#include "answer.h"

int answer(void)
{
	volatile int *volatile nowhere = 0;

	*nowhere = 42;
	return 42;
}
