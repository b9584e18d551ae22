/* Misconception: at least one step is always taken, also from 1 */
/* Rejected by: a flight from 1 is one number long */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	h->number = h->start;
	do {
		coroutine_yield_with(S, &h->number);
		h->number =
			h->number % 2 == 0 ? h->number / 2 : 3 * h->number + 1;
	} while (h->number != 1);
	coroutine_yield_with(S, &h->number);
}
