/* Misconception: a coroutine must be started once before anything can be handed in */
/* Rejected by: the first number counts */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	double sum = 0;
	int count = 0;
	const int *number;

	coroutine_yield(S);
	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
