/* Misconception: afterwards there is no deadline. */
/* Rejected by: after success the caller's deadline is as before */
#include "patience.h"

#include <errno.h>

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	long long mine = timer_now(T) + duration;
	long long before = timer_deadline(T, mine);
	int result = 0, error;

	if (before < mine)
		timer_deadline(T, before);
	while (!*state && result == 0)
		result = cond_wait(c);
	error = errno;
	timer_deadline(T, TIMER_NEVER);
	errno = error;
	return *state ? 0 : result;
}
