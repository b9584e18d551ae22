/* Misconception: the roster is what it is now; who comes takes part. */
/* Rejected by: who comes during a round waits for the next */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int left = 0;

	for (int i = 0; i < r->count; i++)
		coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < r->count; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
