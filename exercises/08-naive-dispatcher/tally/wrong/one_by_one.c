/* Misconception: in turn means: the next one when this one has ended. */
/* Rejected by: a look in vain is wasted */
#include <errno.h>

#include "tally.h"

int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t)
{
	t->useful = t->wasted = 0;
	for (int i = 0; i < count; i++)
		while (coroutine_status(S, ids[i]) != COROUTINE_DEAD) {
			long vain = parking_vain(P);

			coroutine_resume(S, ids[i]);
			if (parking_vain(P) == vain) {
				t->useful++;
				continue;
			}
			t->wasted++;
			errno = EDEADLK;
			return -1;
		}
	return 0;
}
