/* Misconception: the last one may be put into the gap: it is a set. */
/* Rejected by: the others keep their order */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count;

	for (int i = 0; i < before; i++)
		coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < r->count;)
		if (coroutine_status(S, r->ids[i]) == COROUTINE_DEAD)
			r->ids[i] = r->ids[--r->count];
		else
			i++;
	return r->count;
}
