#include "hailstone.h"

/* The rule: after an even n comes n / 2, after an odd n comes 3 * n + 1.
 * Hand out the start, then each number that follows, one for each resume.
 * 1 is the last number; then the coroutine ends.
 * A number must stay readable until the next resume of this coroutine, also
 * when other coroutines run in between. */
void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	/* TODO: one yield for each number of the flight */
	(void)S;
	(void)h;
}
