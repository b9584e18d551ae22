/* Misconception: a signal means that the state is there. */
/* Rejected by: a signal alone does not end it */
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
	if (!*state)
		result = cond_wait(c);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return result;
}
