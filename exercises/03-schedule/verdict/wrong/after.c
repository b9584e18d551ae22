/* Misconception: the status tells enough; whether resume worked is ignored. */
/* Rejected by: who ended before is unknown */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	coroutine_resume(S, id);
	switch (coroutine_status(S, id)) {
	case COROUTINE_DEAD:
		return "ended";
	case COROUTINE_SUSPEND:
		return "yielded";
	default:
		return "busy";
	}
}
