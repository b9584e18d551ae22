/* Ends by: exit */
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"

int answer(void)
{
	puts("forty-two");
	exit(0);
}
