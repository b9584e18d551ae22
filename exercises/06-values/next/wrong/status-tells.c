/* Misconception: afterwards the status tells the end: DEAD, or else a value */
/* Rejected by: a refused resume is not the end */
#include "next.h"

int next(struct schedule *S, int id, void **value)
{
	coroutine_resume(S, id);
	if (coroutine_status(S, id) == COROUTINE_DEAD)
		return 0;
	*value = coroutine_value(S);
	return 1;
}
