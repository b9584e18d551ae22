/* Misconception: the end is answered too, with the last average once more */
/* Rejected by: a NULL ends it */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	double sum = 0;
	int count = 0;
	const int *number;

	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
	coroutine_yield_with(S, &a->answer);
}
