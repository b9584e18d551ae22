/* Misconception: when the first has ended, the work is done. */
/* Rejected by: it runs all to their ends */
#include <errno.h>

#include "tally.h"

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
		if (made < count)
			return 0;
		if (vain == made) {
			errno = EDEADLK;
			return -1;
		}
	}
}
