/* Misconception: a resume that was not refused has brought a value */
/* Rejected by: the end is no value */
#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	if (coroutine_resume(S, id) == -1)
		return errno == ESRCH ? 0 : -1;
	*value = coroutine_value(S);
	return 1;
}
