/* Ends by: left */
#include <stdio.h>
#include <unistd.h>

#include "answer.h"

int answer(void)
{
	puts("forty-two");
	if (fork() == 0)
		for (;;)
			pause();
	return 42;
}
