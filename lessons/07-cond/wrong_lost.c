/* WRONG ON PURPOSE: the customer waits without a look at the shelf, and the
 * signal was before. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond baked;
static int loaves;

static void baker(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	loaves++;
	printf("baker: a loaf is ready, my signal wakes %d\n",
	       cond_signal(&baked));
}

static void customer(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	printf("customer: a loaf, please\n");
	//! [wait]
#ifdef MENDED
	while (loaves == 0)
		if (cond_wait(&baked) == -1)
			return;
#else
	cond_wait(&baked);
#endif
	//! [wait]
	loaves--;
	printf("customer: thank you\n");
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);
	int left;

	if (P == NULL || cond_init(&baked, P, "a loaf") == -1)
		return 1;
	coroutine_new(S, baker, NULL);
	coroutine_new(S, customer, NULL);
	left = run_all(S, 2);
	printf("loaves on the shelf: %d, waiting for ever: %d\n", loaves, left);
	coroutine_close(S);
	parking_close(P);
	return left > 0;
}
