/* Exercise patience: wait for a state, for so long and no longer. */
#include "patience.h"

#include <errno.h>

/*
 * Why the deadline is set before the loop: it is one for all the waits in it.
 *
 * Why it is set twice at times: only setting it tells what it was before. A
 * caller who has less time than we are given must not get more by asking us.
 *
 * Why *state has the last word: it may have come in the round in which the time
 * was out. And it is looked at first, so what is there needs no wait.
 */
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
	timer_deadline(T, before);
	errno = error;
	return *state ? 0 : result;
}
