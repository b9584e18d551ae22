/* Both directions: numbers go in with resume, sums come out with yield. */
#include "coroutine.h"

#include <stdio.h>

//! [body]
static void accumulate(struct schedule *S, void *ud)
{
	int *sum = ud;
	const int *number;

	while ((number = coroutine_value(S)) != NULL) {
		*sum += *number;
		coroutine_yield_with(S, sum);
	}
	printf("nothing came in: the end\n");
}
//! [body]

int main(void)
{
	struct schedule *S = coroutine_open();
	int sum = 0;
	int id = coroutine_new(S, accumulate, &sum);

	//! [main]
	for (int n = 10; n <= 40; n += 10) {
		coroutine_resume_with(S, id, &n);
		const int *answer = coroutine_value(S);
		printf("in %d, out %d\n", n, *answer);
	}
	coroutine_resume(S, id);
	//! [main]
	return coroutine_close(S);
}
