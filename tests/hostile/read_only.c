/* Ends by: read-only */
#include "answer.h"

int answer(void)
{
	volatile char *volatile text = (volatile char *)"forty-two";

	text[0] = 'F';
	return 42;
}
