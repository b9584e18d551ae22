/* Misconception: when nobody waits there is nobody to count for. */
/* Rejected by: who comes before anybody waits counts too */
#include <stddef.h>

#include "latch.h"

void latch_down(struct latch *l)
{
	if (l->opened.first == NULL)
		return;
	if (l->count > 0 && --l->count == 0)
		cond_broadcast(&l->opened);
}

int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
