/* Misconception: the value is read once, at the start, like an argument */
/* Rejected by: each answer is the average of all so far */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	const int *number = coroutine_value(S);
	double sum = 0;
	int count = 0;

	while (number != NULL) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
