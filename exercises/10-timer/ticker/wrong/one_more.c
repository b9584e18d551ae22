/* Misconception: times counts the periods between the ticks. */
/* Rejected by: the first tick comes after one period */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T);

	for (int i = 0; i <= times; i++) {
		next += period;
		while (next < timer_now(T))
			next += period;
		if (timer_sleep_until(T, next) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
