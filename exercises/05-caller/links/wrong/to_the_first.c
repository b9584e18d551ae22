/* Misconception: everybody goes back to the one with which it all began. */
/* Rejected by: a chain comes back through each */
#include <errno.h>

#include "links.h"

static int in_chain(const struct links *links, int me, int id)
{
	for (; me != NOBODY; me = links->caller[me])
		if (me == id)
			return 1;
	return 0;
}

int call(struct schedule *S, struct links *links, int id)
{
	int me = coroutine_running(S);

	if (in_chain(links, me, id)) {
		errno = EBUSY;
		return -1;
	}
	links->caller[id] =
		links->caller[me] == NOBODY ? me : links->caller[me];
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
