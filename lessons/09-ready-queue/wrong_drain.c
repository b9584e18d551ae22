/* WRONG ON PURPOSE: the loop runs until its queue is empty, and only then looks
 * outside; two who wake each other keep it from that. -DMENDED: by rounds. */
#include <stdio.h>

#include "coroutine.h"

enum { ROOM = 8, ENOUGH = 100000 };

static int ready[ROOM], first, count;
static int ids[2], guest;
static long exchanges, heard_at = -1;

static void put(int id)
{
	ready[(first + count++) % ROOM] = id;
}

static int take(void)
{
	int id = ready[first];

	first = (first + 1) % ROOM;
	count--;
	return id;
}

//! [player]
/* Wakes the other one, and waits to be woken by it: two of these play. */
static void player(struct schedule *S, void *ud)
{
	const int *other = ud;

	while (exchanges < ENOUGH) {
		exchanges++;
		put(*other);
		coroutine_yield(S);
	}
}
//! [player]

static void guest_waits(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield(S); /* until it is woken from outside */
	heard_at = exchanges;
}

static void look_outside(int look)
{
	if (look == 2)
		put(guest); /* the bell rang */
}

//! [loop]
static void run(struct schedule *S)
{
	for (int look = 1; heard_at == -1; look++) {
		look_outside(look);
#ifdef MENDED
		for (int left = count; left > 0; left--)
#else
		while (count > 0)
#endif
			coroutine_resume(S, take());
	}
}
//! [loop]

int main(void)
{
	struct schedule *S = coroutine_open();

	guest = coroutine_new(S, guest_waits, NULL);
	ids[0] = coroutine_new(S, player, &ids[1]);
	ids[1] = coroutine_new(S, player, &ids[0]);
	put(guest);
	put(ids[0]);
	run(S);
	printf("the guest hears the bell after %ld exchanges\n", heard_at);
	coroutine_close(S);
	return heard_at >= ENOUGH;
}
