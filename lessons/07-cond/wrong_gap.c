/* WRONG ON PURPOSE: the customer looks, lets others run, and then waits. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond baked;
static int loaves;

//! [customer]
static void customer(struct schedule *S, void *ud)
{
	(void)ud;
#ifdef MENDED
	coroutine_yield(S); /* a word with the neighbour */
	while (loaves == 0)
		if (cond_wait(&baked) == -1)
			return;
#else
	while (loaves == 0) {
		printf("customer: the shelf is empty\n");
		coroutine_yield(S); /* a word with the neighbour */
		if (cond_wait(&baked) == -1)
			return;
	}
#endif
	loaves--;
	printf("customer: thank you\n");
}
//! [customer]

static void baker(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	loaves++;
	printf("baker: a loaf is ready, my signal wakes %d\n",
	       cond_signal(&baked));
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);
	int left;

	if (P == NULL || cond_init(&baked, P, "a loaf") == -1)
		return 1;
	coroutine_new(S, customer, NULL);
	coroutine_new(S, baker, NULL);
	left = run_all(S, 2);
	printf("loaves on the shelf: %d, waiting for ever: %d\n", loaves, left);
	coroutine_close(S);
	parking_close(P);
	return left > 0;
}
