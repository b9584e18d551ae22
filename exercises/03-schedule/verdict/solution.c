/* Exercise verdict: resume a coroutine once, and say what came of it. */
#include <errno.h>

#include "verdict.h"

/*
 * Why what it returned is kept: a second call would be a second turn.
 *
 * Why -1 is looked at before errno: a call that works leaves errno as it was,
 * so what stands in it belongs to some failure of long ago.
 *
 * Why no status is asked for: it would have to be asked before, and before
 * its turn nobody knows whether a coroutine will yield or end.
 */
const char *verdict(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	if (now == -1)
		return errno == EBUSY ? "busy" : "unknown";
	return now == COROUTINE_DEAD ? "ended" : "yielded";
}
