/* Misconception: who was there before the round is all there is. */
/* Rejected by: who comes during a round is not lost */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < before; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
