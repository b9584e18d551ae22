/* Misconception: everyone who waits will be signalled at some time. */
/* Rejected by: a round of looks in vain is a deadlock */
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
		if (made == 0)
			return 0;
	}
}
