/* Misconception: resume returns false when it fails; but 0 is DEAD. */
/* Rejected by: a coroutine that returns has ended */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	if (!now)
		return errno == EBUSY ? "busy" : "unknown";
	return now == COROUTINE_SUSPEND ? "yielded" : "ended";
}
