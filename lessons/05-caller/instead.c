/* In somebody's place: what the one who resumed gets back. */
#include <errno.h>
#include <stdio.h>

#include "coroutine.h"

static int a, b, c;

//! [three]
static void run_a(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_resume(S, b);
	coroutine_transfer(S, c);
	printf("nobody goes on with A\n");
}

static void run_b(struct schedule *S, void *ud)
{
	(void)ud;
	if (coroutine_transfer(S, a) == -1 && errno == EBUSY)
		printf("B transfers to A: -1 EBUSY\n");
}

static void run_c(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	printf("C ends, in the place of A\n");
}
//! [three]

int main(void)
{
	struct schedule *S = coroutine_open();
	int now;

	if (S == NULL)
		return 1;
	a = coroutine_new(S, run_a, NULL);
	b = coroutine_new(S, run_b, NULL);
	c = coroutine_new(S, run_c, NULL);
	now = coroutine_resume(S, a);
	printf("main's resume of A returns %s\n", coroutine_status_name(now));
	return coroutine_close(S);
}
