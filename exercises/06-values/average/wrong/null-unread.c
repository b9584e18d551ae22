/* Misconception: a resume always brings a number */
/* Rejected by: a NULL ends it */
#include "average.h"

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	double sum = 0;
	int count = 0;

	for (;;) {
		sum += *(const int *)coroutine_value(S);
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
