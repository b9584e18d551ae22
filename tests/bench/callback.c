/* A proxy of callbacks: what the coroutines are measured against. No function
 * waits here, so what a direction has come to stands in its struct. */
#include "callback.h"
#include "side.h"

#include <errno.h>
#include <fcntl.h>

enum { BYTES = 4096 };

static struct options options;
static struct end *gone; /* closed; an event may still be on its way */

static int is_open(const struct end *e)
{
	return e->fd != -1;
}

static void drop(struct end *e)
{
	loop_forget(e);
	close(e->fd);
	e->fd = -1;
	e->next = gone;
	gone = e;
}

static void drop_both(struct end *e)
{
	drop(e);
	drop(e->peer);
}

void finished(void)
{
	struct end *e;

	while ((e = gone) != NULL) {
		gone = e->next;
		free(e->unsent);
		free(e);
	}
}

/* Writes, and keeps what there is no room for: then nothing more is read until
 * it is gone. */
static void pass(struct end *e, const char *bytes, size_t size)
{
	ssize_t count = write(e->peer->fd, bytes, size);

	if (count == (ssize_t)size)
		return;
	if (count == -1 && errno != EAGAIN && errno != EINTR) {
		drop_both(e);
		return;
	}
	if (count > 0) {
		bytes += count;
		size -= (size_t)count;
	}
	e->unsent = realloc(e->unsent, BYTES);
	must(e->unsent != NULL, "memory");
	memmove(e->unsent, bytes, size);
	e->size = size;
	loop_watch(e, e->watched & ~LOOP_READ);
	loop_watch(e->peer, e->peer->watched | LOOP_WRITE);
}

static void readable(struct end *e)
{
	static char bytes[BYTES];
	ssize_t count = read(e->fd, bytes, sizeof bytes);

	if (count > 0)
		pass(e, bytes, (size_t)count);
	else if (count == 0 || (errno != EAGAIN && errno != EINTR))
		drop_both(e);
}

/* There is room for what `e` has had to keep for us. */
static void writable(struct end *room)
{
	struct end *e = room->peer;
	size_t size = e->size;

	e->size = 0;
	loop_watch(room, room->watched & ~LOOP_WRITE);
	loop_watch(e, e->watched | LOOP_READ);
	pass(e, e->unsent, size);
}

static struct end *end_of(int fd)
{
	struct end *e = calloc(1, sizeof *e);

	must(e != NULL && fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "end");
	e->fd = fd;
	return e;
}

static void accepted(int fd)
{
	struct end *a = end_of(fd), *b = end_of(connected(options.server));

	a->peer = b;
	b->peer = a;
	loop_watch(a, LOOP_READ);
	loop_watch(b, LOOP_READ);
}

void ready(struct end *e, int what)
{
	int fd;

	if (e->peer == NULL) {
		fd = accept(e->fd, NULL, NULL);
		if (fd != -1)
			accepted(fd);
		return;
	}
	if (is_open(e) && (what & LOOP_WRITE))
		writable(e);
	if (is_open(e) && (what & LOOP_READ))
		readable(e);
}

int main(int argc, char **argv)
{
	options = parse(argc, argv);
	loop_open();
	loop_watch(end_of(listening(options.port)), LOOP_READ);
	printf("listening on port %d\n", options.port);
	fflush(stdout);
	loop_run();
	return 0;
}
