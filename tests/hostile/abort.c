/* Ends by: abort */
#include <stdlib.h>

#include "answer.h"

int answer(void)
{
	abort();
}
