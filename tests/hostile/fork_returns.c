/* Ends by: check */
#include <stdio.h>
#include <unistd.h>

#include "answer.h"

int answer(void)
{
	puts("forty-two");
	return fork() == 0 ? 42 : 43; /* the wrong process is right */
}
