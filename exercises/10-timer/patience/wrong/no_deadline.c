/* Misconception: somebody will signal in time. */
/* Rejected by: when the time is out it returns ETIMEDOUT */
#include "patience.h"

#include <errno.h>

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	long long mine = timer_now(T) + duration;
	long long before = TIMER_NEVER;
	int result = 0, error;

	if (before < mine)
		timer_deadline(T, before);
	while (!*state && result == 0)
		result = cond_wait(c);
	error = errno;
	errno = error;
	return *state ? 0 : result;
}
