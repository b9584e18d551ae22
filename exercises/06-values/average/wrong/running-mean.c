/* Misconception: the average so far and the new number, halved, is the new average */
/* Rejected by: each answer is the average of all so far */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	const int *number = coroutine_value(S);

	if (number == NULL)
		return;
	a->answer = *number;
	coroutine_yield_with(S, &a->answer);
	while ((number = coroutine_value(S)) != NULL) {
		a->answer = (a->answer + *number) / 2;
		coroutine_yield_with(S, &a->answer);
	}
}
