/* Ten thousand coroutines, each resumed by the one before, on one stack. */
#include <stdio.h>

#include "coroutine.h"

enum { DEEPEST = 10000 };

static int depth, came_back;

//! [dive]
static void dive(struct schedule *S, void *ud)
{
	(void)ud;
	if (++depth == DEEPEST)
		return;
	int next = coroutine_new(S, dive, NULL);

	if (coroutine_resume(S, next) == COROUTINE_DEAD)
		came_back++;
}
//! [dive]

int main(void)
{
	struct coroutine_options options = { .slots = DEEPEST, .stacks = 1 };
	struct schedule *S = coroutine_open_with(&options);

	if (S == NULL)
		return 1;
	coroutine_resume(S, coroutine_new(S, dive, NULL));
	printf("%d deep, and %d resumes came back\n", depth, came_back);
	return coroutine_close(S);
}
