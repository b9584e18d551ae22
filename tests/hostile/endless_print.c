/* Ends by: output */
#include <stdio.h>

#include "answer.h"

int answer(void)
{
	for (;;)
		puts("forty-two");
	return 42;
}
