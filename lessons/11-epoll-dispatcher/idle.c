/* What a dispatcher does while nothing happens. The clock is a number, and the
 * poller sets it in place of sleeping. */
#include "net.h"

static long long now;
static int (*wait_really)(struct poller *p, struct poller_event *events,
			  int room, int milliseconds);

static long long number(void *ud)
{
	(void)ud;
	return now;
}

static int told(struct poller *p, struct poller_event *events, int room,
		int milliseconds)
{
	int count = wait_really(p, events, room, 0);

	if (count == 0 && milliseconds > 0) {
		printf("%4lld ms: the poller sleeps for %d ms\n",
		       now / TIMER_MS, milliseconds);
		now += milliseconds * TIMER_MS;
	}
	return count;
}

//! [reader]
static void *reader(struct dispatcher *d, void *ud)
{
	const int *fd = ud;
	char byte;

	(void)d;
	timer_deadline(T, 5000 * TIMER_MS);
	while (socket_read(N, *fd, &byte, 1) == 1)
		printf("%4lld ms: a byte\n", now / TIMER_MS);
	printf("%4lld ms: %s\n", now / TIMER_MS,
	       errno == ETIMEDOUT ? "ETIMEDOUT" : "another error");
	return ud;
}
//! [reader]

static void *writer(struct dispatcher *d, void *ud)
{
	const int *fd = ud;

	(void)d;
	timer_sleep(T, 2000 * TIMER_MS);
	socket_write_some(N, *fd, "x", 1);
	return ud;
}

int main(void)
{
	static const struct timer_clock clock = { number, NULL, NULL };
	static int ends[2];
	struct poller *poller = poller_open(NULL);

	must(poller != NULL, "poller_open");
	wait_really = poller->wait;
	poller->wait = told;
	begin(&clock, poller);
	connection(ends);
	start("reader", reader, &ends[0]);
	start("writer", writer, &ends[1]);
	must(dispatcher_run(D) == 0, "run");
	finish();
	return 0;
}
