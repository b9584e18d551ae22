/* Misconception: errno tells of the last call, whether it failed or not. */
/* Rejected by: an old errno decides nothing */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	if (errno == EBUSY)
		return "busy";
	if (errno == ESRCH)
		return "unknown";
	return now == COROUTINE_DEAD ? "ended" : "yielded";
}
