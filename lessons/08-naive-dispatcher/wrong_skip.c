/* WRONG ON PURPOSE: a round that strikes out whoever has ended while it walks
 * through the list; the neighbour moves up, and misses its turn. */
#include "coroutine.h"

#include <stdio.h>

enum { PEOPLE = 4 };

static int ids[PEOPLE], count;

//! [round]
#ifndef MENDED
static void strike_out(int at)
{
	for (count--; at < count; at++)
		ids[at] = ids[at + 1];
}
#endif

static void run_round(struct schedule *S)
{
#ifdef MENDED
	int left = 0;

	for (int i = 0; i < count; i++)
		if (coroutine_resume(S, ids[i]) == COROUTINE_SUSPEND)
			ids[left++] = ids[i];
	count = left;
#else
	for (int i = 0; i < count; i++)
		if (coroutine_resume(S, ids[i]) == COROUTINE_DEAD)
			strike_out(i);
#endif
}
//! [round]

static void guest(struct schedule *S, void *ud)
{
	int turns = *(const int *)ud;

	for (int turn = 1; turn <= turns; turn++) {
		printf(" %c%d", 'A' + coroutine_running(S), turn);
		if (turn < turns)
			coroutine_yield(S);
	}
}

int main(void)
{
	static const int turns[PEOPLE] = { 1, 2, 1, 2 };
	struct schedule *S = coroutine_open();
	int rounds = 0;

	if (S == NULL)
		return 1;
	for (count = 0; count < PEOPLE; count++)
		ids[count] = coroutine_new(S, guest, (void *)&turns[count]);
	while (count > 0) {
		printf("round %d:", ++rounds);
		run_round(S);
		printf("\n");
	}
	coroutine_close(S);
	return rounds > 2; /* nobody has more turns than two */
}
