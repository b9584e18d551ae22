/* Ends by: overflow */
#include "answer.h"
#include "coroutine.h"

static int dig(volatile int depth)
{
	return dig(depth + 1) + depth;
}

static void begin(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	dig(0);
}

int answer(void)
{
	struct schedule *S = coroutine_open();

	coroutine_resume(S, coroutine_new(S, begin, 0));
	coroutine_close(S);
	return 42;
}
