/* The line of a cond: who is woken by a signal, and who by a broadcast? */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond door;

static void guest(struct schedule *S, void *ud)
{
	const char *name = ud;

	(void)S;
	if (cond_wait(&door) == 0)
		printf("  %s goes through the door\n", name);
}

static void porter(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	//! [porter]
	printf("a signal wakes %d\n", cond_signal(&door));
	printf("a broadcast wakes %d\n", cond_broadcast(&door));
	printf("one more wakes %d\n", cond_broadcast(&door));
	//! [porter]
}

int main(void)
{
	static char ann[] = "Ann", bob[] = "Bob", eve[] = "Eve";
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || cond_init(&door, P, "the door") == -1)
		return 1;
	coroutine_new(S, guest, ann);
	coroutine_new(S, guest, bob);
	coroutine_new(S, guest, eve);
	coroutine_new(S, porter, NULL);
	run_all(S, 4);
	coroutine_close(S);
	parking_close(P);
	return 0;
}
