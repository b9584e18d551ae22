/* The proxy on coroutines: one for each direction, which reads, and writes in
 * full. */
#include "../../lessons/11-epoll-dispatcher/sockets.h"
#include "side.h"

enum { BYTES = 4096 };

static struct dispatcher *D;
static struct sockets *N;
static struct options options;

struct way {
	int from, to;
};

/* Its frame with the bytes is gone before anybody waits for more. */
static __attribute__((noinline)) int pass(const struct way *w)
{
	char bytes[BYTES];
	ssize_t count = socket_read(N, w->from, bytes, sizeof bytes);

	return count > 0 &&
	       socket_write_full(N, w->to, bytes, (size_t)count) == count;
}

static void *relay(struct dispatcher *d, void *ud)
{
	struct way *w = ud;

	(void)d;
	while (socket_await(N, w->from, POLLER_READ) == 0 && pass(w))
		;
	socket_close(N, w->from);
	free(w);
	return NULL;
}

static void start(int from, int to)
{
	struct way *w = malloc(sizeof *w);

	must(w != NULL, "memory");
	*w = (struct way){ from, to };
	dispatcher_detach(D, dispatcher_spawn(D, "relay", relay, w));
}

static void *acceptor(struct dispatcher *d, void *ud)
{
	int listener = listening(options.port), in, out;

	(void)d;
	socket_adopt(N, listener);
	printf("listening on port %d\n", options.port);
	fflush(stdout);
	while ((in = socket_accept(N, listener)) != -1) {
		out = connected(options.server);
		must(socket_adopt(N, out) == 0, "adopt");
		start(in, out);
		start(out, in);
	}
	return ud;
}

int main(int argc, char **argv)
{
	struct coroutine_options size = { 0, 65536, 0 };

	options = parse(argc, argv);
	size.slots = 2 * options.connections + 1;
	size.stacks = options.stacks < size.slots && options.stacks != 0
			      ? options.stacks
			      : size.slots;
	D = dispatcher_open(&size);
	N = sockets_open(D, timer_open(D, NULL), poller_open(options.poller));
	must(N != NULL, "sockets_open");
	dispatcher_detach(D, dispatcher_spawn(D, "acceptor", acceptor, NULL));
	return dispatcher_run(D) != 0;
}
