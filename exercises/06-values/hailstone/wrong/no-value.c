/* Misconception: the number lies in the struct, so a plain yield will do */
/* Rejected by: the first number is the start */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	for (h->number = h->start; h->number != 1;) {
		coroutine_yield(S);
		h->number =
			h->number % 2 == 0 ? h->number / 2 : 3 * h->number + 1;
	}
	coroutine_yield(S);
}
