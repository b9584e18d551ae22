/* Misconception: nobody has waited before this call, so it begins at 0. */
/* Rejected by: each call counts for itself */
#include <errno.h>

#include "tally.h"

int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t)
{
	long before = 0;

	t->useful = t->wasted = 0;
	for (;;) {
		long vain, made = 0;

		for (int i = 0; i < count; i++)
			made += coroutine_resume(S, ids[i]) != -1;
		vain = parking_vain(P) - before;
		before += vain;
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
