/* Two places, and four who want one. */
#include "scene.h"

static int left = 4; /* clients */

//! [client]
static void *client(struct dispatcher *D, void *ud)
{
	const char *name = ud;
	int fd = connected();

	(void)D;
	printf("%s is connected\n", name);
	say(fd, "hello\n");
	printf("%s hears: %s\n", name, heard(fd));
	timer_sleep(T, 20 * TIMER_MS);
	printf("%s goes\n", name);
	socket_close(N, fd);
	if (--left == 0)
		server_stop(S);
	return NULL;
}
//! [client]

static void serve(struct connection *c)
{
	char bytes[64];
	ssize_t count;

	while (connection_idle(c) == 0 &&
	       (count = connection_read(c, c->fd, bytes, sizeof bytes)) > 0)
		if (connection_write(c, c->fd, bytes, (size_t)count) == -1)
			return;
}

int main(void)
{
	struct server_options o = { .serve = serve,
				    .connections = 2,
				    .others = 4 };

	begin(&o);
	server_trace(S, told, NULL);
	start("ann", client);
	start("bob", client);
	start("cleo", client);
	start("dan", client);
	return finish();
}
