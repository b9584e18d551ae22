/* Exercise roundup: one round of a dispatcher. */
#include "roundup.h"

/*
 * Why the count is noted first: whoever is put at the end meanwhile waits for
 * the next round. Otherwise one that always makes another one would keep the
 * round going for ever.
 *
 * Why striking out has a loop of its own: during the first one coroutines put
 * ids at the end, so the roster must not be rebuilt under their hands; and one
 * may end outside of its own turn, when another coroutine resumes it.
 *
 * Why the second loop goes over all: one that came in this round may be DEAD
 * already, for the same reason.
 */
int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, left = 0;

	for (int i = 0; i < before; i++)
		coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < r->count; i++)
		if (coroutine_status(S, r->ids[i]) != COROUTINE_DEAD)
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
