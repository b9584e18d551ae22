/* Misconception: the loop looks after each wait, and that is enough. */
/* Rejected by: what is there already needs no wait */
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
	do
		result = cond_wait(c);
	while (!*state && result == 0);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
