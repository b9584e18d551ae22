/* Misconception: there is one caller at a time, and it is always the same place */
/* Rejected by: every call of hanoi_next comes back to its own place */
#include "hanoi.h"

#include <stddef.h>

static struct hanoi *starting;

static void hand_out(struct hanoi *h, int from, int to)
{
	h->from = from;
	h->to = to;
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
	struct hanoi *h = starting;

	solve(h, h->discs, 1, 3);
	h->over = 1;
}

void hanoi_begin(struct hanoi *h, int discs)
{
	h->discs = discs;
	h->over = 0;
	h->from = 0;
	getcontext(&h->own);
	h->own.uc_stack.ss_sp = h->stack;
	h->own.uc_stack.ss_size = sizeof(h->stack);
	h->own.uc_link = &h->caller;
	makecontext(&h->own, entry, 0);
}

int hanoi_next(struct hanoi *h)
{
	if (h->over)
		return 0;
	starting = h;
	if (h->from == 0)
		swapcontext(&h->caller, &h->own);
	else
		setcontext(&h->own);
	return !h->over;
}
