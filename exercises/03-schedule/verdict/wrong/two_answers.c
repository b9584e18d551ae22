/* Misconception: resume returns one of two, DEAD and not DEAD; -1 is ignored. */
/* Rejected by: who ended before is unknown */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	if (coroutine_resume(S, id) == COROUTINE_DEAD)
		return "ended";
	return "yielded";
}
