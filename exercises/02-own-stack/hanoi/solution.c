#include "hanoi.h"

#include <stddef.h>

static struct hanoi *starting; /* how `entry` finds its tower */

static void hand_out(struct hanoi *h, int from, int to)
{
	h->from = from;
	h->to = to;
	/* Both halves are needed: saved in `own`, the frames of solve() are
	 * found again. setcontext would leave them for good. */
	swapcontext(&h->own, &h->caller);
}

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
	/* Read at once: when another tower starts, this is another's. */
	struct hanoi *h = starting;

	solve(h, h->discs, 1, 3);
	h->over = 1;
}

void hanoi_begin(struct hanoi *h, int discs)
{
	h->discs = discs;
	h->over = 0; /* it may have been used before */
	getcontext(&h->own);
	h->own.uc_stack.ss_sp = h->stack; /* the low end */
	h->own.uc_stack.ss_size = sizeof(h->stack);
	h->own.uc_link = &h->caller; /* before makecontext, or never */
	makecontext(&h->own, entry, 0);
}

int hanoi_next(struct hanoi *h)
{
	if (h->over) /* nobody stands on its stack any more */
		return 0;
	starting = h; /* here, not in begin: two may begin before one runs */
	/* The caller is saved each time: it may be somebody else. */
	swapcontext(&h->caller, &h->own);
	return !h->over; /* only now is it known whether there was a move */
}
