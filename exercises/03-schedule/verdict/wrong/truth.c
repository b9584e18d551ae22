/* Misconception: resume answers false when it fails; but 0 is DEAD. */
/* Rejected by: a coroutine that returns has ended */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int answer = coroutine_resume(S, id);

	if (!answer)
		return errno == EBUSY ? "busy" : "unknown";
	return answer == COROUTINE_SUSPEND ? "yielded" : "ended";
}
