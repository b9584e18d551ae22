#include "hanoi.h"

#include <stddef.h>

static struct hanoi *starting; /* how `entry` finds its tower */

/* One move for the caller: yields in the middle of the recursion. */
static void hand_out(struct hanoi *h, int from, int to)
{
	h->from = from;
	h->to = to;
	/* TODO: go to the caller, and come back here at the next resume */
}

/* Moves the upper n discs. All the work that waits is in these frames. */
static void solve(struct hanoi *h, int n, int from, int to)
{
	int spare = 6 - from - to;

	if (n == 0)
		return;
	solve(h, n - 1, from, spare);
	hand_out(h, from, to);
	solve(h, n - 1, spare, to);
}

static void entry(void)
{
	struct hanoi *h = starting;

	solve(h, h->discs, 1, 3);
	h->over = 1;
}

/* Makes the coroutine, on its own h->stack; it does not run yet. *h may have
 * been used before. */
void hanoi_begin(struct hanoi *h, int discs)
{
	h->discs = discs;
	/* TODO: a context that begins in `entry` */
	(void)entry;
}

/* Resumes it for one move. Returns 1 with the move in h->from and h->to, or 0
 * when there is none left, however often it is asked. */
int hanoi_next(struct hanoi *h)
{
	/* TODO */
	starting = h;
	return 0;
}
