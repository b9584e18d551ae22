/* WRONG ON PURPOSE: it runs each woken coroutine in the middle of the batch of
 * events, and a later event reaches a stranger. -DMENDED: it queues them. */
#include <stdio.h>

#include "coroutine.h"

enum { BOXES = 2, NOBODY = -1 };

static int owner[BOXES]; /* who waits at each box; NOBODY: it is closed */
static int bob_closed;   /* bob's box is closed */
static int mistaken;

/* The lowest number that is free, as with descriptors. */
static int open_box(int id)
{
	int box = 0;

	while (owner[box] != NOBODY)
		box++;
	owner[box] = id;
	return box;
}

static void cleo(struct schedule *S, void *ud)
{
	(void)ud;
	printf("  cleo opens a box: number %d\n",
	       open_box(coroutine_running(S)));
	coroutine_yield(S);
	printf("  cleo is told of a letter that was never hers\n");
	mistaken = 1;
}

static void ann(struct schedule *S, void *ud)
{
	(void)ud;
	open_box(coroutine_running(S));
	coroutine_yield(S);
	printf("  ann has a letter: she closes box 1, and cleo comes\n");
	owner[1] = NOBODY;
	bob_closed = 1;
	coroutine_resume(S, coroutine_new(S, cleo, NULL));
}

static void bob(struct schedule *S, void *ud)
{
	(void)ud;
	open_box(coroutine_running(S));
	coroutine_yield(S);
	printf("  bob is told of a letter, and finds his box %s\n",
	       bob_closed ? "closed" : "full");
}

//! [batch]
static void deliver(struct schedule *S, const int events[], int count)
{
	int ready[BOXES], woken = 0;

	for (int i = 0; i < count; i++) {
		int id = owner[events[i]];

		printf("event: a letter in box %d\n", events[i]);
#ifdef MENDED
		ready[woken++] = id;
#else
		(void)ready;
		coroutine_resume(S, id);
#endif
	}
	for (int i = 0; i < woken; i++)
		coroutine_resume(S, ready[i]);
}
//! [batch]

int main(void)
{
	static const int events[] = { 0, 1 }; /* both happened already */
	struct schedule *S = coroutine_open();

	for (int i = 0; i < BOXES; i++)
		owner[i] = NOBODY;
	coroutine_resume(S, coroutine_new(S, ann, NULL));
	coroutine_resume(S, coroutine_new(S, bob, NULL));
	deliver(S, events, 2);
	coroutine_close(S);
	return mistaken;
}
