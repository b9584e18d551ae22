/* Misconception: to ask resume again costs nothing; but it is another turn. */
/* Rejected by: one call is one turn */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	if (coroutine_resume(S, id) == COROUTINE_DEAD)
		return "ended";
	if (coroutine_resume(S, id) == COROUTINE_SUSPEND)
		return "yielded";
	return errno == EBUSY ? "busy" : "unknown";
}
