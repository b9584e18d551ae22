/* Two coroutines count five turns each; main resumes them in turn. */
#include <stdio.h>

#include "coroutine.h"

//! [count]
static void count(struct schedule *S, void *ud)
{
	const int *first = ud;

	for (int turn = 0; turn < 5; turn++) {
		printf("coroutine %d : %d\n", coroutine_running(S),
		       *first + turn);
		coroutine_yield(S);
	}
}
//! [count]

//! [main]
int main(void)
{
	int zero = 0, hundred = 100;
	struct schedule *S = coroutine_open();

	if (S == NULL) {
		perror("coroutine_open");
		return 1;
	}
	int a = coroutine_new(S, count, &zero);
	int b = coroutine_new(S, count, &hundred);

	printf("main start\n");
	while (coroutine_status(S, a) != COROUTINE_DEAD &&
	       coroutine_status(S, b) != COROUTINE_DEAD) {
		coroutine_resume(S, a);
		coroutine_resume(S, b);
	}
	printf("main end\n");
	coroutine_close(S);
	return 0;
}
//! [main]
