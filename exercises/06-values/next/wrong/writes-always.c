/* Misconception: the variable can take what is there; the result tells whether it counts */
/* Rejected by: without a value the variable is left alone */
#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	int now = coroutine_resume(S, id);

	*value = coroutine_value(S);
	if (now == COROUTINE_SUSPEND)
		return 1;
	return now == COROUTINE_DEAD || errno == ESRCH ? 0 : -1;
}
