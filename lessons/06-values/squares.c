/* A generator: each resume asks it for one value more. */
#include "coroutine.h"

#include <stdio.h>

//! [generator]
struct squares {
	int count;  /* the order: how many */
	int square; /* the answer: good until the next resume */
};

static void squares(struct schedule *S, void *ud)
{
	struct squares *job = ud;

	for (int n = 1; n <= job->count; n++) {
		job->square = n * n;
		coroutine_yield_with(S, &job->square);
	}
}
//! [generator]

int main(void)
{
	struct schedule *S = coroutine_open();
	struct squares job = { 4, 0 };
	int id = coroutine_new(S, squares, &job);

	//! [caller]
	while (coroutine_resume(S, id) == COROUTINE_SUSPEND) {
		const int *square = coroutine_value(S);

		printf("%d\n", *square);
	}
	printf("no more\n");
	//! [caller]
	return coroutine_close(S);
}
