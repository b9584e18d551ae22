/* WRONG ON PURPOSE: the baker signals, lets others run, and then puts the loaf
 * on the shelf. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond baked;
static int loaves;

static void customer(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	while (loaves == 0) {
		printf("customer: the shelf is empty\n");
		if (cond_wait(&baked) == -1)
			return;
	}
	loaves--;
	printf("customer: thank you\n");
}

//! [baker]
static void baker(struct schedule *S, void *ud)
{
	(void)ud;
#ifdef MENDED
	coroutine_yield(S); /* it has to cool */
	loaves++;
	printf("baker: a loaf is ready, my signal wakes %d\n",
	       cond_signal(&baked));
#else
	printf("baker: a loaf is ready, my signal wakes %d\n",
	       cond_signal(&baked));
	coroutine_yield(S); /* it has to cool */
	loaves++;
#endif
}
//! [baker]

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
