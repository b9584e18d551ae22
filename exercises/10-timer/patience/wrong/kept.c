/* Misconception: a deadline ends with the wait that it was set for. */
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
	errno = error;
	return *state ? 0 : result;
}
