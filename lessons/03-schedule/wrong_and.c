/* WRONG ON PURPOSE: the loop ends with the first coroutine that ends. */
#include <stdio.h>

#include "coroutine.h"

struct range {
	int first;
	int turns;
};

static void count(struct schedule *S, void *ud)
{
	const struct range *range = ud;

	for (int turn = 0; turn < range->turns; turn++) {
		printf("coroutine %d : %d\n", coroutine_running(S),
		       range->first + turn);
		coroutine_yield(S);
	}
}

static int alive(struct schedule *S, int id)
{
	return coroutine_status(S, id) != COROUTINE_DEAD;
}

//! [run]
static void run(struct schedule *S, int a, int b)
{
#ifdef MENDED
	while (alive(S, a) || alive(S, b)) {
#else
	while (alive(S, a) && alive(S, b)) {
#endif
		coroutine_resume(S, a);
		coroutine_resume(S, b);
	}
}
//! [run]

int main(void)
{
	struct range two = { 0, 2 }, five = { 100, 5 };
	struct schedule *S = coroutine_open();

	if (S == NULL)
		return 1;
	int a = coroutine_new(S, count, &two);
	int b = coroutine_new(S, count, &five);

	run(S, a, b);
	int left = alive(S, b);
	printf("main end, coroutine %d is %s\n", b,
	       coroutine_status_name(coroutine_status(S, b)));
	coroutine_close(S);
	return left;
}
