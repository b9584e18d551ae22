/* One wait for several descriptors, with one deadline. */
#include "net.h"

static int door[2], phone[2];

//! [waiter]
static void *waiter(struct dispatcher *d, void *ud)
{
	struct socket_want wants[] = { { door[0], POLLER_READ, 0 },
				       { phone[0], POLLER_READ, 0 } };
	char byte;
	int count;

	(void)d;
	timer_deadline(T, timer_now(T) + 50 * TIMER_MS);
	while ((count = socket_wait_any(N, wants, 2)) > 0) {
		printf("%d ready:%s%s\n", count, wants[0].ready ? " door" : "",
		       wants[1].ready ? " phone" : "");
		for (int i = 0; i < 2; i++)
			if (wants[i].ready)
				socket_read(N, wants[i].fd, &byte, 1);
	}
	printf("%s\n", errno == ETIMEDOUT ? "ETIMEDOUT" : "another error");
	return ud;
}
//! [waiter]

static void *world(struct dispatcher *d, void *ud)
{
	socket_write_some(N, phone[1], "p", 1);
	dispatcher_yield(d);
	dispatcher_yield(d);
	socket_write_some(N, phone[1], "p", 1);
	socket_write_some(N, door[1], "d", 1);
	return ud;
}

int main(void)
{
	begin(NULL, poller_open(NULL));
	connection(door);
	connection(phone);
	start("waiter", waiter, NULL);
	start("world", world, NULL);
	must(dispatcher_run(D) == 0, "run");
	finish();
	return 0;
}
