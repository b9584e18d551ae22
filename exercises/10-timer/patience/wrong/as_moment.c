/* Misconception: a deadline is a duration. */
/* Rejected by: the time counts from the call */
#include "patience.h"

#include <errno.h>

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	long long mine = duration;
	long long before = timer_deadline(T, mine);
	int result = 0, error;

	if (before < mine)
		timer_deadline(T, before);
	while (!*state && result == 0)
		result = cond_wait(c);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
