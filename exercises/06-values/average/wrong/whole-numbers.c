/* Misconception: a double takes the fraction, whatever is divided */
/* Rejected by: the average keeps its fraction */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	int sum = 0, count = 0;
	const int *number;

	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
