/* Misconception: the clock begins with 0. */
/* Rejected by: the moments count from the call */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = 0;

	for (int i = 0; i < times; i++) {
		next += period;
		while (next < timer_now(T))
			next += period;
		if (timer_sleep_until(T, next) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
