/* Misconception: the end is the NULL, as in Lua where it is nil */
/* Rejected by: a NULL that is yielded is a value */
#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	int now = coroutine_resume(S, id);

	if (now == -1 && errno != ESRCH)
		return -1;
	if (now == -1 || coroutine_value(S) == NULL)
		return 0;
	*value = coroutine_value(S);
	return 1;
}
