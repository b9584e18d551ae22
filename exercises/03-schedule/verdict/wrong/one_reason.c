/* Misconception: -1 always means that there is no such coroutine. */
/* Rejected by: the running coroutine is busy */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	if (now == -1)
		return "unknown";
	return now == COROUTINE_DEAD ? "ended" : "yielded";
}
