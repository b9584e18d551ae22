/* A program of one file on the installed libraries, C11 and C++17: an echo server
 * that serves one client, itself, and ends. */
#define _POSIX_C_SOURCE 200809L

#include <coroutine/server.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(struct connection *c)
{
	char bytes[64];
	ssize_t count;

	while ((count = connection_read(c, c->fd, bytes, sizeof bytes)) > 0)
		if (connection_write(c, c->fd, bytes, (size_t)count) == -1)
			break;
	server_stop(c->server);
}

/* Asks before the server runs: its queue takes the question. */
static int ask(int listener)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof address;
	struct sockaddr *to = (struct sockaddr *)&address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 || getsockname(listener, to, &length) == -1 ||
	    connect(fd, to, length) == -1 || write(fd, "hello\n", 6) != 6 ||
	    shutdown(fd, SHUT_WR) == -1)
		return -1;
	return fd;
}

int main(void)
{
	struct server_options options;
	struct server *s;
	char bytes[64];
	ssize_t count;
	int client;

	memset(&options, 0, sizeof options);
	options.listener = socket_listen(NULL, 0);
	options.serve = serve;
	client = ask(options.listener);
	s = server_open(&options);
	if (client == -1 || s == NULL || server_run(s) == -1) {
		perror("echo");
		return 1;
	}
	server_close(s);
	count = read(client, bytes, sizeof bytes);
	printf("%.*s", count > 0 ? (int)count : 0, bytes);
	close(client);
	return 0;
}
