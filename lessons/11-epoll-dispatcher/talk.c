/* One descriptor: one coroutine writes to it, another one reads from it. The
 * other side is slow. */
#include "net.h"

enum { ALL = 1000000, PART = 1000 };

static int ends[2], writer_id;
static long written, taken, most;

//! [writer]
static void *writer(struct dispatcher *d, void *ud)
{
	static char bytes[PART];

	(void)d;
	while (written < ALL) {
		if (socket_write(N, ends[0], bytes, PART) == -1)
			return NULL;
		written += PART;
		if (written - taken > most)
			most = written - taken;
	}
	printf("the writer has written all\n");
	return ud;
}
//! [writer]

static void *reader(struct dispatcher *d, void *ud)
{
	char word[3] = "";

	socket_read_full(N, ends[0], word, 2);
	printf("the reader has \"%s\"; the writer is %s\n", word,
	       dispatcher_status_name(dispatcher_status(d, writer_id)));
	return ud;
}

static void *peer(struct dispatcher *d, void *ud)
{
	static char bytes[PART];

	for (int i = 0; i < 10; i++)
		dispatcher_yield(d); /* it does something else */
	printf("the peer has taken %ld, and says hi\n", taken);
	socket_write(N, ends[1], "hi", 2);
	while (taken < ALL) {
		if (socket_read_full(N, ends[1], bytes, PART) != PART)
			return NULL;
		taken += PART;
		dispatcher_yield(d);
	}
	return ud;
}

int main(void)
{
	begin(NULL, poller_open(NULL));
	connection(ends);
	writer_id = start("writer", writer, NULL);
	start("reader", reader, NULL);
	start("peer", peer, NULL);
	must(dispatcher_run(D) == 0, "run");
	printf("written and taken: %ld %ld\n", written, taken);
	printf("never more than half of it on its way: %s\n",
	       most <= ALL / 2 ? "yes" : "no");
	finish();
	return 0;
}
