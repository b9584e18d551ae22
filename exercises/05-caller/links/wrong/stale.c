/* Misconception: the next call writes the link anew; let it stand. */
/* Rejected by: a link is good for one way back */
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
	links->caller[id] = me;
	return coroutine_transfer(S, id);
}

int back(struct schedule *S, struct links *links)
{
	int caller = links->caller[coroutine_running(S)];

	if (caller == NOBODY) {
		errno = EPERM;
		return -1;
	}
	return coroutine_transfer(S, caller);
}
