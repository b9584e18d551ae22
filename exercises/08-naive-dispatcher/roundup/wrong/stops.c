/* Misconception: when one has ended, the round is over. */
/* Rejected by: one that ends costs nobody a turn */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		if (coroutine_resume(S, r->ids[i]) == COROUTINE_DEAD)
			break;
	for (int i = 0; i < r->count; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
