/* Misconception: a yield goes back to who called, by transfer too. */
/* Rejected by: back leads to who called */
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
	int me = coroutine_running(S);

	if (links->caller[me] == NOBODY) {
		errno = EPERM;
		return -1;
	}
	links->caller[me] = NOBODY;
	return coroutine_yield(S);
}
