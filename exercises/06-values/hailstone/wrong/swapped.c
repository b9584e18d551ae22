/* Misconception: even and odd change places */
/* Rejected by: each number follows from the one before */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	h->number = h->start;
	while (h->number != 1) {
		coroutine_yield_with(S, &h->number);
		h->number = h->number % 2 ? h->number / 2 : 3 * h->number + 1;
	}
	coroutine_yield_with(S, &h->number);
}
