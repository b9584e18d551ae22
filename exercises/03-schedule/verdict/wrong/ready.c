/* Misconception: one that has yielded is READY, for it is ready to go on. */
/* Rejected by: a coroutine that yields has yielded */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	switch (coroutine_resume(S, id)) {
	case COROUTINE_READY:
		return "yielded";
	case COROUTINE_DEAD:
		return "ended";
	default:
		return errno == EBUSY ? "busy" : "unknown";
	}
}
