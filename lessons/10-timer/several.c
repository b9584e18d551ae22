/* Wait for several events with one deadline. */
#include <errno.h>
#include <string.h>

#include "fake.h"

enum { BELL, DOOR, PHONE, EVENTS };

static const char *const names[EVENTS] = { "bell", "door", "phone" };

/* One wait: several events, one deadline. Never on a coroutine's stack. */
static struct {
	int id; /* who waits */
	int raised[EVENTS];
} request;

//! [request]
static int wait_for_any(long long duration)
{
	int result, error;

	memset(&request, 0, sizeof request);
	request.id = dispatcher_self(D);
	timer_deadline(T, timer_now(T) + duration);
	result = dispatcher_park(D, DISPATCHER_ON_COND, "bell, door or phone");
	error = errno;
	timer_deadline(T, TIMER_NEVER);
	errno = error;
	return result;
}

/* An event has come: note it in the request, and wake who waits. */
static void prepare(int event)
{
	request.raised[event] = 1;
	printf("%2lld s: prepare: the %s; it wakes %d\n",
	       timer_now(T) / TIMER_SECOND, names[event],
	       dispatcher_wake(D, request.id, 0));
}
//! [request]

static void *waiter(struct dispatcher *d, void *ud)
{
	(void)d;
	while (wait_for_any(10 * TIMER_SECOND) == 0) {
		printf("%2lld s: process:", timer_now(T) / TIMER_SECOND);
		for (int event = 0; event < EVENTS; event++)
			if (request.raised[event])
				printf(" %s", names[event]);
		printf("\n");
	}
	printf("%2lld s: %s\n", timer_now(T) / TIMER_SECOND,
	       errno == ETIMEDOUT ? "ETIMEDOUT" : "failed");
	return ud;
}

static void *world(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, 3 * TIMER_SECOND);
	prepare(PHONE);
	prepare(BELL);
	return ud;
}

int main(void)
{
	begin(&fake_clock);
	start("waiter", waiter, NULL);
	start("world", world, NULL);
	return finish();
}
