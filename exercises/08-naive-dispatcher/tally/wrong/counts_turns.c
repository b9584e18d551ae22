/* Misconception: a switch is wasted when the coroutine yields, whatever for. */
/* Rejected by: a turn is useful, a refused resume is nothing */
#include <errno.h>

#include "tally.h"

int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t)
{
	t->useful = t->wasted = 0;
	for (;;) {
		long vain = parking_vain(P), made = 0;

		for (int i = 0; i < count; i++) {
			int now = coroutine_resume(S, ids[i]);

			made += now != -1;
			t->useful += now == COROUTINE_DEAD;
			t->wasted += now == COROUTINE_SUSPEND;
		}
		vain = parking_vain(P) - vain;
		if (made == 0)
			return 0;
		if (vain == made) {
			errno = EDEADLK;
			return -1;
		}
	}
}
