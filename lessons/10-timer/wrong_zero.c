/* WRONG ON PURPOSE: a wait that returns 0 for a signal and for a time-out. */
#include "fake.h"
#include "../07-cond/cond.h"

static struct cond ordered;
static int served, orders;

//! [wait]
static int timed_wait(struct cond *c, long long duration)
{
	int result;

	timer_deadline(T, timer_now(T) + duration);
	result = cond_wait(c);
	timer_deadline(T, TIMER_NEVER);
#ifdef MENDED
	return result;
#else
	(void)result;
	return 0;
#endif
}
//! [wait]

//! [barista]
static void *barista(struct dispatcher *d, void *ud)
{
	(void)d;
	for (int waits = 0; waits < 3; waits++)
		if (timed_wait(&ordered, 10 * TIMER_SECOND) == 0)
			served++;
	return ud;
}

static void *guest(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, 15 * TIMER_SECOND);
	orders++;
	cond_signal(&ordered);
	return ud;
}
//! [barista]

int main(void)
{
	begin(&fake_clock);
	cond_init(&ordered, dispatcher_parking(D), "an order");
	start("barista", barista, NULL);
	start("guest", guest, NULL);
	if (finish())
		return 1;
	printf("%d ordered, %d served\n", orders, served);
	return orders != served;
}
