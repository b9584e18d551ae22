/* Misconception: to return the number is enough; the count may stay. */
/* Rejected by: the dead are struck out */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < r->count; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	return left;
}
