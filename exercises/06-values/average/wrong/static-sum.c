/* Misconception: what must outlive a yield must be static */
/* Rejected by: two averagers in turn do not mix */
#include "average.h"

#include <stddef.h>

static double sum;
static int count;

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	const int *number;

	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		a->answer = sum / ++count;
		coroutine_yield_with(S, &a->answer);
	}
}
