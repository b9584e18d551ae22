/* A sieve of coroutines: each prime is a filter that resumes the one before. */
#include "coroutine.h"

#include <stdint.h>
#include <stdio.h>

enum { PRIMES = 25 };

struct filter {
	int source; /* the coroutine it takes its numbers from */
	int prime;
};

static int alive, waiting; /* when the latest number was made */

/* Numbers are made at the far end of the chain: all of it is under way. */
static void look_around(struct schedule *S)
{
	alive = waiting = 0;
	for (int id = 0; id <= PRIMES; id++) {
		int now = coroutine_status(S, id);

		alive += now != COROUTINE_DEAD;
		waiting += now == COROUTINE_NORMAL;
	}
}

//! [number]
/* A number that fits in a pointer travels in the pointer itself: no memory to
 * lend, none to outlive. */
static void give(struct schedule *S, int number)
{
	coroutine_yield_with(S, (void *)(intptr_t)number);
}

static int take(struct schedule *S, int source)
{
	coroutine_resume(S, source);
	return (int)(intptr_t)coroutine_value(S);
}
//! [number]

static void numbers(struct schedule *S, void *ud)
{
	(void)ud;
	for (int n = 2;; n++) {
		look_around(S);
		give(S, n);
	}
}

//! [sift]
static void sift(struct schedule *S, void *ud)
{
	const struct filter *f = ud;

	for (;;) {
		int n = take(S, f->source);

		if (n % f->prime != 0)
			give(S, n);
	}
}
//! [sift]

int main(void)
{
	struct schedule *S = coroutine_open();
	struct filter filters[PRIMES];
	int last = coroutine_new(S, numbers, NULL), prime = 0;

	//! [main]
	for (int i = 0; i < PRIMES; i++) {
		prime = take(S, last);
		filters[i] = (struct filter){ last, prime };
		last = coroutine_new(S, sift, &filters[i]);
		printf("%d%c", prime, i + 1 < PRIMES ? ' ' : '\n');
	}
	//! [main]
	printf("%d: %d coroutines, %d of them NORMAL\n", prime, alive, waiting);
	return coroutine_close(S);
}
