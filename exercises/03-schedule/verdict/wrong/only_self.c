/* Misconception: only the running coroutine is busy; NORMAL is forgotten. */
/* Rejected by: a caller is busy too */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	if (id == coroutine_running(S))
		return "busy";
	switch (coroutine_resume(S, id)) {
	case COROUTINE_SUSPEND:
		return "yielded";
	case COROUTINE_DEAD:
		return "ended";
	default:
		return "unknown";
	}
}
