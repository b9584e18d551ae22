/* WRONG ON PURPOSE: a generator hands out a pointer to its own local, and the
 * caller reads it after another coroutine ran. */
#include "coroutine.h"

#include <stdio.h>

#ifndef STACKS
#define STACKS 1
#endif

//! [body]
static void count(struct schedule *S, void *ud)
{
#ifdef MENDED
	int *n = ud; /* main's memory: no coroutine ever stands on it */

	for (;; ++*n)
		coroutine_yield_with(S, n);
#else
	int n = *(int *)ud;

	for (;; ++n)
		coroutine_yield_with(S, &n);
#endif
}
//! [body]

static const int *next(struct schedule *S, int id)
{
	coroutine_resume(S, id);
	return coroutine_value(S);
}

int main(void)
{
	struct coroutine_options options = { 2, 0, STACKS };
	struct schedule *S = coroutine_open_with(&options);
	//! [main]
	int start[2] = { 1, 100 };
	int low = coroutine_new(S, count, &start[0]);
	int high = coroutine_new(S, count, &start[1]);

	for (int i = 0; i < 3; i++) {
		const int *a = next(S, low);
		const int *b = next(S, high);

		printf("%d and %d\n", *a, *b);
	}
	//! [main]
	return coroutine_close(S);
}
