/* WRONG ON PURPOSE: Ann looks once, with `if`, and takes a loaf that somebody
 * else took between the signal and her turn. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

static struct cond baked;
static int loaves, debts;

static void take(const char *who)
{
	loaves--;
	debts += loaves < 0;
	printf("%s takes a loaf, %d left\n", who, loaves);
}

static void ann(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	//! [wait]
#ifdef MENDED
	while (loaves == 0)
#else
	if (loaves == 0)
#endif
		if (cond_wait(&baked) == -1)
			return;
	//! [wait]
	take("Ann");
}

static void baker(struct schedule *S, void *ud)
{
	(void)ud;
	for (int loaf = 1; loaf <= 2; loaf++) {
		loaves++;
		printf("the baker bakes loaf %d, the signal wakes %d\n", loaf,
		       cond_signal(&baked));
		coroutine_yield(S);
	}
}

static void bob(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	while (loaves == 0)
		if (cond_wait(&baked) == -1)
			return;
	take("Bob");
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || cond_init(&baked, P, "a loaf") == -1)
		return 1;
	coroutine_new(S, ann, NULL);
	coroutine_new(S, baker, NULL);
	coroutine_new(S, bob, NULL);
	run_all(S, 3);
	coroutine_close(S);
	parking_close(P);
	return debts > 0;
}
