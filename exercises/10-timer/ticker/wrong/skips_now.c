/* Misconception: a moment that is now has passed. */
/* Rejected by: a moment that is now is not missed */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T);

	for (int i = 0; i < times; i++) {
		next += period;
		while (next <= timer_now(T))
			next += period;
		if (timer_sleep_until(T, next) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
