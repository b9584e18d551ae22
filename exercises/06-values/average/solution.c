#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	struct average *a = ud;
	/* Sum and count are nobody else's business: locals, which every
	 * averager has for itself. A double sum divides without rounding. */
	double sum = 0;
	int count = 0;
	const int *number;

	/* The value of the first resume waits when the body begins; each later
	 * one waits when yield returns. Both ways lead to the loop's head, so
	 * one line reads them all. NULL ends the loop; a zero does not. */
	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		count++;
		/* The answer is read by somebody else while these frames are
		 * away: it lies in the caller's struct. */
		a->answer = sum / count;
		coroutine_yield_with(S, &a->answer);
	}
}
