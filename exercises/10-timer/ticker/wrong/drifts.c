/* Misconception: a sleep of one period comes to one tick a period. */
/* Rejected by: a tick that takes time does not push the next one */
#include "ticker.h"

int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud)
{

	for (int i = 0; i < times; i++) {
		if (timer_sleep(T, period) == -1)
			return -1;
		tick(ud);
	}
	return 0;
}
