/* Misconception: the odd step and the even step after it count as one */
/* Rejected by: each number follows from the one before */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	h->number = h->start;
	while (h->number != 1) {
		coroutine_yield_with(S, &h->number);
		if (h->number % 2 != 0)
			h->number = 3 * h->number + 1;
		h->number /= 2;
	}
	coroutine_yield_with(S, &h->number);
}
