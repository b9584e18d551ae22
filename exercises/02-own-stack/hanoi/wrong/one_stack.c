/* Misconception: only one coroutine runs at a time, so one stack serves all */
/* Rejected by: two towers keep their own places */
#include "hanoi.h"

#include <stddef.h>

static struct hanoi *starting;
static _Alignas(64) char stack[32768];

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
	getcontext(&h->own);
	h->own.uc_stack.ss_sp = stack;
	h->own.uc_stack.ss_size = sizeof(stack);
	h->own.uc_link = &h->caller;
	makecontext(&h->own, entry, 0);
}

int hanoi_next(struct hanoi *h)
{
	if (h->over)
		return 0;
	starting = h;
	swapcontext(&h->caller, &h->own);
	return !h->over;
}
