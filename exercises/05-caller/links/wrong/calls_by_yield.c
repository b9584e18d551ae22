/* Misconception: a yield goes to the coroutine that the link names. */
/* Rejected by: a call runs the one that is called */
#include <errno.h>

#include "links.h"

int call(struct schedule *S, struct links *links, int id)
{
	links->caller[id] = coroutine_running(S);
	return coroutine_yield(S);
}

int back(struct schedule *S, struct links *links)
{
	int me = coroutine_running(S), caller = links->caller[me];

	if (caller == NOBODY) {
		errno = EPERM;
		return -1;
	}
	links->caller[me] = NOBODY;
	return coroutine_transfer(S, caller);
}
