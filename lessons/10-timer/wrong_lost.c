/* WRONG ON PURPOSE: a helper takes its caller's deadline away. */
#include <errno.h>

#include "fake.h"
#include "../07-cond/cond.h"

static struct cond answer, order;

//! [helper]
/* Asks, for two seconds at most. */
static int ask(void)
{
	long long mine = timer_now(T) + 2 * TIMER_SECOND;
	long long before = timer_deadline(T, mine);
	int result, error;

	if (before < mine)
		timer_deadline(T, before); /* the caller has less time */
	result = cond_wait(&answer);
	error = errno;
#ifdef MENDED
	timer_deadline(T, before);
#else
	timer_deadline(T, TIMER_NEVER);
#endif
	errno = error;
	return result;
}
//! [helper]

static void *caller(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_deadline(T, timer_now(T) + 5 * TIMER_SECOND);
	if (ask() == -1 && errno == ETIMEDOUT)
		printf("%lld s: no answer\n", timer_now(T) / TIMER_SECOND);
	fflush(stdout);
	if (cond_wait(&order) == -1 && errno == ETIMEDOUT)
		printf("%lld s: no order\n", timer_now(T) / TIMER_SECOND);
	return ud;
}

int main(void)
{
	begin(&fake_clock);
	cond_init(&answer, dispatcher_parking(D), "an answer");
	cond_init(&order, dispatcher_parking(D), "an order");
	start("caller", caller, NULL);
	return finish();
}
