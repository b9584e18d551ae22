/* Misconception: a resume of a dead one is refused, so it may stay. */
/* Rejected by: the dead are struck out */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		if (coroutine_resume(S, r->ids[i]) == COROUTINE_SUSPEND)
			left++;
	return left;
}
