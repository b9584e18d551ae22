/* Exercise ticker: call a function at equal intervals. */
#include "ticker.h"

/*
 * Why a moment and no duration: a sleep of one period would begin when the tick
 * is back, and each tick would push all later ones.
 *
 * Why `next` goes on from itself, never from the time now: so it stays at whole
 * periods from the call, also after moments that were missed.
 */
int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{
	long long next = timer_now(T);

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
