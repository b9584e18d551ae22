/* Misconception: the number itself tells the end, as a zero does in C */
/* Rejected by: a zero is a number */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	double sum = 0;
	int count = 0;
	const int *number;

	while ((number = coroutine_value(S)) != NULL && *number != 0) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
