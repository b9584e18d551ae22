/* Misconception: the status before the turn tells how the turn will end. */
/* Rejected by: a coroutine that returns has ended */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int status = coroutine_status(S, id);

	coroutine_resume(S, id);
	switch (status) {
	case COROUTINE_DEAD:
		return "unknown";
	case COROUTINE_READY:
	case COROUTINE_SUSPEND:
		return "yielded";
	default:
		return "busy";
	}
}
