/* Sends back what it gets. */
#include "program.h"

//! [serve]
static NOINLINE ssize_t answer(struct connection *c)
{
	char bytes[4096];
	ssize_t count = connection_read(c, c->fd, bytes, sizeof bytes);

	if (count > 0 && connection_write(c, c->fd, bytes, (size_t)count) == -1)
		return -1;
	return count;
}

static void serve(struct connection *c)
{
	ssize_t count = 1;

	while (count > 0 && connection_idle(c) == 0)
		count = answer(c);
	if (count == -1)
		connection_cut(c); /* bytes are missing: that is no end */
}
//! [serve]

int main(int argc, char **argv)
{
	static const struct program echo = {
		.name = "echo",
		.does = "Sends back what it gets.",
		.options = { .serve = serve },
	};

	return program_main(&echo, argc, argv);
}
