/* Ends by: check */
#include <stdio.h>

#include "answer.h"

int answer(void)
{
	fclose(stdout);
	puts("forty-two");
	return 42;
}
