/* Misconception: one that has yielded must be resumed until it ends. */
/* Rejected by: a coroutine that yields has yielded */
#include <errno.h>

#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	for (int turn = 0; turn < 1000 && now == COROUTINE_SUSPEND; turn++)
		now = coroutine_resume(S, id);
	if (now == -1)
		return errno == EBUSY ? "busy" : "unknown";
	return "ended";
}
