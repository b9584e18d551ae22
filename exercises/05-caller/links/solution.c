/* Exercise links: resume and yield, made of transfer and a link for each. */
#include <errno.h>

#include "links.h"

/*
 * Why the whole chain is walked: to the library my callers are SUSPEND, and a
 * transfer to one of them would work. It would come back from a call that has
 * not come back, and the chain would be a ring.
 */
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

	/* Asked first: an id that was never issued has no link to write. */
	if (coroutine_status(S, id) == COROUTINE_DEAD) {
		errno = ESRCH;
		return -1;
	}
	if (in_chain(links, me, id)) {
		errno = EBUSY;
		return -1;
	}
	links->caller[id] = me;
	return coroutine_transfer(S, id);
}

/* Why the link is taken off: the call is over, and a link that stays would
 * lead a later back() to somebody who does not wait. */
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
