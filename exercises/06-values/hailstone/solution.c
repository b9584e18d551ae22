#include "hailstone.h"

static int follower(int n)
{
	return n % 2 == 0 ? n / 2 : 3 * n + 1;
}

/* Yield first, compute afterwards: the start is a number of the flight too, and
 * nothing is computed that nobody asked for. */
void hailstone(struct schedule *S, void *ud)
{
	struct hailstone *h = ud;

	/* The number lies in the caller's struct. A local would lie in frames
	 * that are copied out as soon as another coroutine needs the stack, and
	 * a static would be one number for all flights. */
	h->number = h->start;
	while (h->number != 1) {
		coroutine_yield_with(S, &h->number);
		h->number = follower(h->number);
	}
	/* 1 is handed out as well. The end itself needs no value: resume tells
	 * it by returning COROUTINE_DEAD. */
	coroutine_yield_with(S, &h->number);
}
