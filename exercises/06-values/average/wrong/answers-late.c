/* Misconception: the answer goes out with the next yield: one step behind */
/* Rejected by: the first number counts */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	double sum = 0;
	int count = 0;
	const int *number = coroutine_value(S);

	while (number != NULL) {
		coroutine_yield_with(S, &a->answer);
		sum += *number;
		a->answer = sum / ++count;
		number = coroutine_value(S);
	}
}
