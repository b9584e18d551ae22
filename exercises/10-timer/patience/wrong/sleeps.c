/* Misconception: wait for the time, then look. */
/* Rejected by: it waits until the state is there */
#include "patience.h"

#include <errno.h>

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	long long mine = timer_now(T) + duration;
	long long before = timer_deadline(T, mine);

	if (before < mine)
		timer_deadline(T, before);
	(void)c;
	if (!*state)
		timer_sleep(T, duration);
	timer_deadline(T, before);
	errno = ETIMEDOUT;
	return *state ? 0 : -1;
}
