/* Misconception: a generator goes on for ever; the caller will stop asking */
/* Rejected by: 1 is the last number, then the flight ends */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	for (h->number = h->start;;) {
		coroutine_yield_with(S, &h->number);
		h->number =
			h->number % 2 == 0 ? h->number / 2 : 3 * h->number + 1;
	}
}
