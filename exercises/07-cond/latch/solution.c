/* Exercise latch: it opens for all when the last one has come. */
#include "latch.h"

/*
 * Why a broadcast, and only one: an open latch is news for everyone in the
 * line, and no count above 0 is news for anybody.
 *
 * Why the first line: a count below 0 would not be 0 any more, and whoever
 * comes later would wait for ever.
 */
void latch_down(struct latch *l)
{
	if (l->count == 0)
		return;
	l->count--;
	if (l->count == 0)
		cond_broadcast(&l->opened);
}

/*
 * Why the count and not the broadcast decides: the broadcast is not remembered,
 * the count is. Who comes after it looks, and need not wait.
 */
int latch_wait(struct latch *l)
{
	while (l->count > 0)
		if (cond_wait(&l->opened) == -1)
			return -1;
	return 0;
}
