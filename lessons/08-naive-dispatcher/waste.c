/* Ten events, and more and more who wait: what does the loop waste? */
#include "../07-cond/cond.h"
#include "naive.h"

#include <stdio.h>

enum { EVENTS = 10 };

static struct cond bell;
static int over;
static struct naive_counts before, after;

//! [two]
static void waiter(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	while (!over)
		if (cond_wait(&bell) == -1)
			return;
}

static void ringer(struct schedule *S, void *ud)
{
	struct naive *N = ud;

	before = naive_counts(N);
	for (int event = 0; event < EVENTS; event++) {
		cond_signal(&bell);
		coroutine_yield(S);
	}
	after = naive_counts(N);
	over = 1;
	cond_broadcast(&bell);
}
//! [two]

/* Returns 0 when all went well. */
static int count(int waiters)
{
	struct schedule *S = coroutine_open();
	struct naive *N = naive_open(S);
	int ended = -1;

	over = 0;
	if (N != NULL && cond_init(&bell, naive_parking(N), "the bell") == 0) {
		for (int i = 0; i < waiters; i++)
			naive_spawn(N, waiter, NULL);
		naive_spawn(N, ringer, N);
		ended = naive_run(N);
	}
	coroutine_close(S);
	naive_close(N);
	return ended;
}

int main(void)
{
	static const int sizes[] = { 10, 100, 1000, 10000 };

	printf("waiters  events  useful  wasted\n");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (count(sizes[i]) == -1)
			return 1;
		printf("%7d %7d %7ld %7ld\n", sizes[i], EVENTS,
		       after.useful - before.useful,
		       after.wasted - before.wasted);
	}
	return 0;
}
