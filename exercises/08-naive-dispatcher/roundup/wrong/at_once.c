/* Misconception: who has ended is struck out at once; the loop goes on. */
/* Rejected by: one that ends costs nobody a turn */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count;

	for (int i = 0; i < before && i < r->count; i++) {
		if (coroutine_resume(S, r->ids[i]) != COROUTINE_DEAD)
			continue;
		for (int j = i; j + 1 < r->count; j++)
			r->ids[j] = r->ids[j + 1];
		r->count--;
	}
	return r->count;
}
