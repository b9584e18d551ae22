/* Misconception: after a missed moment the beat begins anew. */
/* Rejected by: a moment that was missed is left out */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T);

	for (int i = 0; i < times; i++) {
		next += period;
		if (next < timer_now(T))
			next = timer_now(T) + period;
		if (timer_sleep_until(T, next) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
