/* Misconception: whatever is not SUSPEND is the end */
/* Rejected by: a refused resume is not the end */
#include "next.h"

int next(struct schedule *S, int id, void **value)
{
	if (coroutine_resume(S, id) != COROUTINE_SUSPEND)
		return 0;
	*value = coroutine_value(S);
	return 1;
}
