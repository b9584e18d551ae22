/* Two customers and a baker; nobody here calls resume. */
#include "../07-cond/cond.h"
#include "naive.h"

#include <stdio.h>

static struct cond baked;
static int loaves;

//! [two]
static void customer(struct schedule *S, void *ud)
{
	const char *name = ud;

	(void)S;
	while (loaves == 0) {
		printf("%s waits\n", name);
		if (cond_wait(&baked) == -1)
			return;
	}
	loaves--;
	printf("%s has a loaf\n", name);
}

static void baker(struct schedule *S, void *ud)
{
	(void)ud;
	for (int loaf = 1; loaf <= 2; loaf++) {
		printf("\tthe baker kneads\n");
		coroutine_yield(S);
		loaves++;
		printf("\tthe baker has baked loaf %d\n", loaf);
		cond_signal(&baked);
	}
}
//! [two]

int main(void)
{
	static char ann[] = "Ann", bob[] = "Bob";
	struct schedule *S = coroutine_open();
	struct naive *N = naive_open(S);
	struct naive_counts counts;

	if (N == NULL)
		return 1;
	//! [main]
	cond_init(&baked, naive_parking(N), "a loaf");
	naive_spawn(N, customer, ann);
	naive_spawn(N, customer, bob);
	naive_spawn(N, baker, NULL);
	naive_run(N);
	counts = naive_counts(N);
	printf("%ld rounds, %ld useful resumes, %ld wasted\n", counts.rounds,
	       counts.useful, counts.wasted);
	//! [main]
	coroutine_close(S);
	naive_close(N);
	return 0;
}
