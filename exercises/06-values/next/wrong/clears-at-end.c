/* Misconception: at the end the variable should be NULL, to be safe */
/* Rejected by: without a value the variable is left alone */
#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	int now = coroutine_resume(S, id);

	if (now == COROUTINE_SUSPEND) {
		*value = coroutine_value(S);
		return 1;
	}
	*value = NULL;
	return now == COROUTINE_DEAD || errno == ESRCH ? 0 : -1;
}
