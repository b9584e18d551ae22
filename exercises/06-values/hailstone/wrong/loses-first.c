/* Misconception: the next number is computed before the yield, so the start is lost */
/* Rejected by: the first number is the start */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	h->number = h->start;
	while (h->number != 1) {
		h->number =
			h->number % 2 == 0 ? h->number / 2 : 3 * h->number + 1;
		coroutine_yield_with(S, &h->number);
	}
}
