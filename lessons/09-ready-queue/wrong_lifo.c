/* WRONG ON PURPOSE: the last one who became ready runs first, so that one
 * coroutine has all the turns. -DMENDED: first in, first out. */
#include <stdio.h>

#include "coroutine.h"

enum { COUNT = 3, TURNS = 12 };

static int ready[COUNT], count;

static void put(int id)
{
	ready[count++] = id;
}

//! [take]
static int take(void)
{
#ifdef MENDED
	int id = ready[0];

	count--;
	for (int i = 0; i < count; i++)
		ready[i] = ready[i + 1];
	return id;
#else
	return ready[--count];
#endif
}
//! [take]

static void body(struct schedule *S, void *ud)
{
	int *turns = ud;

	for (;;) {
		printf(" %c", 'a' + coroutine_running(S));
		++*turns;
		put(coroutine_running(S)); /* ready for another turn */
		coroutine_yield(S);
	}
}

int main(void)
{
	static int turns[COUNT];
	struct schedule *S = coroutine_open();
	int hungry = 0;

	for (int i = 0; i < COUNT; i++)
		put(coroutine_new(S, body, &turns[i]));
	for (int turn = 0; turn < TURNS; turn++)
		coroutine_resume(S, take());
	for (int i = 0; i < COUNT; i++)
		hungry += turns[i] == 0;
	printf("\n%d of %d never had a turn\n", hungry, COUNT);
	coroutine_close(S);
	return hungry != 0;
}
