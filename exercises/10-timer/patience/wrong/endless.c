/* Misconception: the loop ends when the state is there. */
/* Rejected by: when the time is out it returns ETIMEDOUT */
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
	while (!*state)
		result = cond_wait(c);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
