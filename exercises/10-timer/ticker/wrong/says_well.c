/* Misconception: a ticker that ends has ended well. */
/* Rejected by: a deadline ends it */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T);

	for (int i = 0; i < times; i++) {
		next += period;
		while (next < timer_now(T))
			next += period;
		if (timer_sleep_until(T, next) == -1)
			return 0;
		tick(ud);
	}
	return 0;
}
