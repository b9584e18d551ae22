/* Misconception: every attempt is a resume, a refused one too. */
/* Rejected by: a turn is useful, a refused resume is nothing */
#include <errno.h>

#include "tally.h"

int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t)
{
	t->useful = t->wasted = 0;
	for (;;) {
		long vain = parking_vain(P);
		int alive = 0;

		for (int i = 0; i < count; i++) {
			alive += coroutine_status(S, ids[i]) != COROUTINE_DEAD;
			coroutine_resume(S, ids[i]);
		}
		vain = parking_vain(P) - vain;
		t->useful += count - vain;
		t->wasted += vain;
		if (alive == 0)
			return 0;
		if (vain == alive) {
			errno = EDEADLK;
			return -1;
		}
	}
}
