/* Misconception: one ends in its own turn only, and resume tells. */
/* Rejected by: who was ended by another is struck out */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		if (coroutine_resume(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	for (int i = before; i < r->count; i++)
		r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
