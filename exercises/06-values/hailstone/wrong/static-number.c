/* Misconception: a static variable outlives the yield, so it is a good place */
/* Rejected by: two flights in turn keep their numbers apart */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;
	static int n;

	for (n = h->start; n != 1;) {
		coroutine_yield_with(S, &n);
		n = n % 2 == 0 ? n / 2 : 3 * n + 1;
	}
	coroutine_yield_with(S, &n);
}
