/* Exercise tally: run all to their ends, and count what it was good for. */
#include <errno.h>

#include "tally.h"

/*
 * Why parking_vain() is asked before and after: it counts since the parking was
 * opened. Only the difference is this round's.
 *
 * Why a refused resume counts as nothing: it was no switch. So a round in which
 * none was made is the end: all are DEAD.
 *
 * Why a whole round, and every resume of it: one that waits proves nothing, for
 * another one may signal it, later in the round or in the next. When nobody has
 * got on, nothing has changed, and the next round would be the same.
 */
int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t)
{
	t->useful = t->wasted = 0;
	for (;;) {
		long vain = parking_vain(P), made = 0;

		for (int i = 0; i < count; i++)
			made += coroutine_resume(S, ids[i]) != -1;
		vain = parking_vain(P) - vain;
		t->useful += made - vain;
		t->wasted += vain;
		if (made == 0)
			return 0;
		if (vain == made) {
			errno = EDEADLK;
			return -1;
		}
	}
}
