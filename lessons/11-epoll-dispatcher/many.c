/* Many connections, all open at once, and one thread. */
#include "net.h"

#include <sys/resource.h>

struct connection {
	int ends[2];
};

static int right, waits;
static int (*wait_really)(struct poller *p, struct poller_event *events,
			  int room, int milliseconds);

//! [serve]
static void *serve(struct dispatcher *d, void *ud)
{
	const struct connection *c = ud;
	char bytes[64];
	ssize_t count;

	(void)d;
	while ((count = socket_read(N, c->ends[0], bytes, sizeof bytes)) > 0)
		socket_write(N, c->ends[0], bytes, (size_t)count);
	socket_close(N, c->ends[0]);
	return NULL;
}
//! [serve]

static void *client(struct dispatcher *d, void *ud)
{
	const struct connection *c = ud;
	char word[16], answer[16] = "";
	size_t size;

	(void)d;
	snprintf(word, sizeof word, "I am %d", c->ends[1]);
	size = strlen(word);
	socket_write(N, c->ends[1], word, size);
	socket_read_full(N, c->ends[1], answer, size);
	right += strcmp(word, answer) == 0;
	socket_close(N, c->ends[1]);
	return NULL;
}

static int counted(struct poller *p, struct poller_event *events, int room,
		   int milliseconds)
{
	waits++;
	return wait_really(p, events, room, milliseconds);
}

/* Two descriptors for each; some systems begin with a low limit. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int main(int argc, char **argv)
{
	struct poller *poller = poller_open(argc > 2 ? argv[2] : NULL);
	int count = argc > 1 ? atoi(argv[1]) : 400;
	struct connection *c = calloc((size_t)count, sizeof *c);

	must(poller != NULL && c != NULL, "many");
	wait_really = poller->wait;
	poller->wait = counted;
	raise_limit();
	begin(NULL, poller);
	//! [main]
	for (int i = 0; i < count; i++) {
		connection(c[i].ends);
		start("server", serve, &c[i]);
		start("client", client, &c[i]);
	}
	must(dispatcher_run(D) == 0, "run");
	//! [main]
	printf("%s: %d connections, %d right answers, %d waits\n", poller->name,
	       count, right, waits);
	finish();
	free(c);
	return 0;
}
