/* Misconception: the value is there before the resume */
/* Rejected by: every value comes, once and in order */
#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	void *came = coroutine_value(S);
	int now = coroutine_resume(S, id);

	if (now == COROUTINE_SUSPEND) {
		*value = came;
		return 1;
	}
	return now == COROUTINE_DEAD || errno == ESRCH ? 0 : -1;
}
