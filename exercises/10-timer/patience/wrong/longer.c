/* Misconception: the deadline set last is the one that counts. */
/* Rejected by: a caller who has less time gets no more */
#include "patience.h"

#include <errno.h>

int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration)
{
	long long mine = timer_now(T) + duration;
	long long before = timer_deadline(T, mine);
	int result = 0, error;

	while (!*state && result == 0)
		result = cond_wait(c);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
