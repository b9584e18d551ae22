/* Every change of state, as the library itself reports it. */
#include <stdio.h>

#include "coroutine.h"

//! [move]
static void move(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)ud;
	(void)S;
	printf("  coroutine %d: %-7s -> %-7s  %s\n", id,
	       coroutine_status_name(from), coroutine_status_name(to),
	       coroutine_event(from, to));
}
//! [move]

//! [two]
static void yielder(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield(S);
}

static void resumer(struct schedule *S, void *ud)
{
	const int *other = ud;

	coroutine_resume(S, *other);
	coroutine_yield(S);
}
//! [two]

int main(void)
{
	int other;
	struct schedule *S = coroutine_open();

	if (S == NULL || coroutine_trace(S, move, NULL) != 0)
		return 1;
	printf("main makes three\n");
	int first = coroutine_new(S, resumer, &other);
	other = coroutine_new(S, yielder, NULL);
	coroutine_new(S, yielder, NULL);
	printf("main resumes 0, and 0 resumes 1\n");
	coroutine_resume(S, first);
	printf("main resumes 0 again\n");
	coroutine_resume(S, first);
	printf("main closes\n");
	return coroutine_close(S);
}
