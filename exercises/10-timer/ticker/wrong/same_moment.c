/* Misconception: timer_sleep_until remembers the moment, and goes on from it. */
/* Rejected by: there are as many ticks as asked for */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T) + period;

	for (int i = 0; i < times; i++) {
		if (timer_sleep_until(T, next) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
