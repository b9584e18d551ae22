/* Misconception: a coroutine that is not DEAD yet has one value more */
/* Rejected by: the end is no value */
#include "next.h"

int next(struct schedule *S, int id, void **value)
{
	if (coroutine_status(S, id) == COROUTINE_DEAD)
		return 0;
	if (coroutine_resume(S, id) == -1)
		return -1;
	*value = coroutine_value(S);
	return 1;
}
