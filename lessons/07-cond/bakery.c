/* One waits for a loaf, one bakes it: who goes on at the signal? */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

//! [two]
static struct cond baked; /* who waits for a loaf stands in its line */
static int loaves;

static void customer(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	printf("customer: a loaf, please\n");
	while (loaves == 0)
		if (cond_wait(&baked) == -1)
			return;
	loaves--;
	printf("customer: thank you\n");
}

static void baker(struct schedule *S, void *ud)
{
	(void)ud;
	printf("\tbaker: kneads\n");
	coroutine_yield(S);
	loaves++;
	printf("\tbaker: a loaf is ready\n");
	cond_signal(&baked);
	printf("\tbaker: sweeps the floor\n");
}
//! [two]

int main(void)
{
	//! [main]
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || cond_init(&baked, P, "a loaf") == -1)
		return 1;
	coroutine_new(S, customer, NULL);
	coroutine_new(S, baker, NULL);
	run_all(S, 2);
	//! [main]
	coroutine_close(S);
	parking_close(P);
	return 0;
}
