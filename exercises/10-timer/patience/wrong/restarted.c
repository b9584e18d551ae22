/* Misconception: each wait has its own time. */
/* Rejected by: signals do not lengthen the wait */
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
	while (!*state && result == 0) {
		timer_deadline(T, timer_now(T) + duration);
		result = cond_wait(c);
	}
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
