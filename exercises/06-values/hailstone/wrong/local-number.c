/* Misconception: locals keep their values across a yield, so others can read them there */
/* Rejected by: a number stays while another flight runs */
#include "hailstone.h"

void hailstone(struct schedule *S, void *ud)
{
	const struct hailstone *h = ud;
	int n = h->start;

	while (n != 1) {
		coroutine_yield_with(S, &n);
		n = n % 2 == 0 ? n / 2 : 3 * n + 1;
	}
	coroutine_yield_with(S, &n);
}
