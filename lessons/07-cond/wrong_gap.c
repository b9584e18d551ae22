/* WRONG ON PURPOSE: the customer looks, lets others run, and waits; the next day
 * the baker signals, lets others run, and puts the loaf on the shelf. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond baked;
static int loaves, talks, early;

static void call_out(void)
{
	printf("baker: a loaf is ready, my signal wakes %d\n",
	       cond_signal(&baked));
}

static void customer(struct schedule *S, void *ud)
{
	(void)ud;
	//! [customer]
	while (loaves == 0) {
		printf("customer: the shelf is empty\n");
		if (talks)
			coroutine_yield(S); /* a word with the neighbour */
		if (cond_wait(&baked) == -1)
			return;
	}
	//! [customer]
	loaves--;
	printf("customer: thank you\n");
}

static void baker(struct schedule *S, void *ud)
{
	(void)ud;
	//! [baker]
	if (early) {
		call_out();         /* "a loaf is ready", and the signal */
		coroutine_yield(S); /* it has to cool */
		loaves++;
	} else {
		loaves++;
		call_out();
	}
	//! [baker]
}

/* Returns how many wait for ever. */
static int day(const char *title)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);
	int left = 1;

	printf("%s\n", title);
	loaves = 0;
	if (P != NULL && cond_init(&baked, P, "a loaf") == 0) {
		coroutine_new(S, customer, NULL);
		coroutine_new(S, baker, NULL);
		left = run_all(S, 2);
		printf("loaves on the shelf: %d, waiting for ever: %d\n",
		       loaves, left);
	}
	coroutine_close(S);
	parking_close(P);
	return left;
}

int main(void)
{
	int left;

#ifdef MENDED
	left = day("nobody talks, and nobody is early");
#else
	talks = 1;
	left = day("the customer talks");
	talks = 0;
	early = 1;
	left += day("the baker is early");
#endif
	return left > 0;
}
