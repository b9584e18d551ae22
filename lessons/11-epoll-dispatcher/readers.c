/* Four who read from one descriptor. */
#include "net.h"

static int ends[2], woken;

static void count(void *ud, struct dispatcher *d, int id, int from, int to)
{
	(void)ud;
	(void)d;
	(void)id;
	woken += from == DISPATCHER_ON_DESCRIPTOR && to == DISPATCHER_READY;
}

//! [reader]
static void *reader(struct dispatcher *d, void *ud)
{
	char byte;

	if (socket_read(N, ends[0], &byte, 1) == 1)
		printf("  %s has '%c'\n",
		       dispatcher_name(d, dispatcher_self(d)), byte);
	return ud;
}
//! [reader]

static void come(const char *bytes)
{
	woken = 0;
	printf("bytes that come: %d\n", (int)strlen(bytes));
	must(socket_write_some(N, ends[1], bytes, strlen(bytes)) > 0, "write");
	dispatcher_round(D, 1);
	printf("  woken: %d\n", woken);
}

int main(void)
{
	int dan;

	begin(NULL, poller_open(NULL));
	connection(ends);
	dispatcher_trace(D, count, NULL);
	start("ann", reader, NULL);
	start("bob", reader, NULL);
	start("cleo", reader, NULL);
	dan = start("dan", reader, NULL);
	dispatcher_round(D, 0); /* all four find nothing, and wait */
	come("x");
	come("yz");
	printf("dan is %s\n",
	       dispatcher_status_name(dispatcher_status(D, dan)));
	finish();
	return 0;
}
