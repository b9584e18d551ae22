/* Misconception: from the end nothing moves up, and the order is free. */
/* Rejected by: everyone has one turn in a round */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	for (int i = r->count - 1; i >= 0; i--) {
		if (coroutine_resume(S, r->ids[i]) != COROUTINE_DEAD)
			continue;
		for (int j = i; j + 1 < r->count; j++)
			r->ids[j] = r->ids[j + 1];
		r->count--;
	}
	return r->count;
}
