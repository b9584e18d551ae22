/* A whole server: it sends every line back in capitals. Ctrl-C stops it. */
#include <ctype.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "loop.h"

enum { PORT = 7011 };

//! [shout]
/* One client, from its first line to its end. */
static void serve(struct loop *L, void *ud)
{
	int fd = (int)(intptr_t)ud;
	char buffer[1024], *line;
	struct lines in;

	lines_init(&in, L->N, fd, buffer, sizeof buffer);
	while (lines_read(&in, &line) > 0) {
		for (size_t i = 0; i < in.length; i++)
			line[i] = (char)toupper((unsigned char)line[i]);
		line[in.length] = '\n';
		if (socket_write(L->N, fd, line, in.length + 1) == -1)
			break;
	}
	socket_close(L->N, fd);
}

/* The door: a coroutine for each client. */
static void open_door(struct loop *L, void *ud)
{
	int listener = (int)(intptr_t)ud, fd;

	while ((fd = socket_accept(L->N, listener)) != -1)
		if (loop_start(L, "client", serve, (void *)(intptr_t)fd) == -1)
			socket_close(L->N, fd);
	perror("shout: no more clients");
	socket_close(L->N, listener);
}

int main(void)
{
	struct loop *L = loop_open(NULL);
	int fd = L == NULL ? -1 : loop_listen(L, "127.0.0.1", PORT), left;

	if (fd == -1 || loop_stop_on(L, SIGINT) == -1 ||
	    loop_start(L, "door", open_door, (void *)(intptr_t)fd) == -1) {
		perror("shout");
		return 1;
	}
	left = loop_run(L);
	loop_close(L);
	return left != 0;
}
//! [shout]
