/* Misconception: transfer refuses who waits; but callers are SUSPEND. */
/* Rejected by: a caller cannot be called */
#include <errno.h>

#include "links.h"

int call(struct schedule *S, struct links *links, int id)
{
	int me = coroutine_running(S);

	if (id == me) {
		errno = EBUSY;
		return -1;
	}
	links->caller[id] = me;
	return coroutine_transfer(S, id);
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
