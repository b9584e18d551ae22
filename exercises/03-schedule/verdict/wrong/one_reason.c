/* Misconception: -1 always means that there is no such coroutine. */
/* Rejected by: the running coroutine is busy */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int answer = coroutine_resume(S, id);

	if (answer == -1)
		return "unknown";
	return answer == COROUTINE_DEAD ? "ended" : "yielded";
}
