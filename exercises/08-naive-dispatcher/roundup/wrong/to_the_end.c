/* Misconception: a turn lasts until the coroutine has ended. */
/* Rejected by: everyone has one turn in a round */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		while (coroutine_resume(S, r->ids[i]) == COROUTINE_SUSPEND)
			;
	for (int i = 0; i < r->count; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
