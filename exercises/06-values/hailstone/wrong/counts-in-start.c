/* Misconception: the struct is mine, so the start can be counted on */
/* Rejected by: the same start can fly twice */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	while (h->start != 1) {
		coroutine_yield_with(S, &h->start);
		h->start = h->start % 2 == 0 ? h->start / 2 : 3 * h->start + 1;
	}
	coroutine_yield_with(S, &h->start);
}
