/* Misconception: a pointer that came in stays good, so the numbers can be added up later */
/* Rejected by: the numbers may all come in one variable */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	const int *numbers[100];
	int count = 0;

	while (count < 100 && (numbers[count] = coroutine_value(S)) != NULL) {
		double sum = 0;

		count++;
		for (int i = 0; i < count; i++)
			sum += *numbers[i];
		a->answer = sum / count;
		coroutine_yield_with(S, &a->answer);
	}
}
