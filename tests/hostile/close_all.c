/* Ends by: check */
#include <stdio.h>
#include <unistd.h>

#include "answer.h"

int answer(void)
{
	for (int fd = 0; fd < 64; fd++)
		close(fd);
	puts("forty-two");
	return 42;
}
