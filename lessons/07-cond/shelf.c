/* Producer and consumer: a shelf with two places between baker and customer. */
#include "cond.h"
#include "turns.h"

#include <stdio.h>

enum { PLACES = 2, LOAVES = 3 };

//! [shelf]
static int shelf[PLACES], loaves, oldest;
static struct cond baked; /* there is a loaf */
static struct cond taken; /* there is a free place */

static int put(int loaf)
{
	while (loaves == PLACES)
		if (cond_wait(&taken) == -1)
			return -1;
	shelf[(oldest + loaves++) % PLACES] = loaf;
	cond_signal(&baked);
	return 0;
}
//! [shelf]

static int take(void)
{
	int loaf;

	while (loaves == 0)
		if (cond_wait(&baked) == -1)
			return -1;
	loaf = shelf[oldest];
	oldest = (oldest + 1) % PLACES;
	loaves--;
	cond_signal(&taken);
	return loaf;
}

static void baker(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	for (int loaf = 1; loaf <= LOAVES; loaf++) {
		if (put(loaf) == -1)
			return;
		printf("put %d: %d on the shelf\n", loaf, loaves);
	}
}

static void customer(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	for (int i = 0; i < LOAVES; i++) {
		int loaf = take();

		if (loaf == -1)
			return;
		printf("\ttook %d: %d on the shelf\n", loaf, loaves);
	}
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || cond_init(&baked, P, "a loaf") == -1 ||
	    cond_init(&taken, P, "a free place") == -1)
		return 1;
	coroutine_new(S, baker, NULL);
	coroutine_new(S, customer, NULL);
	run_all(S, 2);
	coroutine_close(S);
	parking_close(P);
	return 0;
}
