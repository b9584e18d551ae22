/*
 * What some programs of this lesson have in common: a server, and its clients in
 * the same process, as coroutines beside it.
 */
#ifndef COROUTINE_SCENE_H
#define COROUTINE_SCENE_H

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

static struct server *S;
static struct network *N;
static struct timer *T;
static struct sockaddr_in door; /* where it listens */

static inline void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

static inline void begin(struct server_options *o)
{
	socklen_t length = sizeof door;

	o->listener = socket_listen(NULL, 0);
	must(o->listener != -1, "socket_listen");
	getsockname(o->listener, (struct sockaddr *)&door, &length);
	S = server_open(o);
	must(S != NULL, "server_open");
	N = server_loop(S)->N;
	T = server_loop(S)->T;
}

static inline void start(const char *name, dispatcher_func func)
{
	int id = dispatcher_start(server_loop(S)->D, name, func,
				  (void *)(size_t)name);

	must(id != -1, "dispatcher_start");
}

/* A client's end of a connection, or -1. */
static inline int connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd != -1 && socket_adopt(N, fd) == 0, "socket");
	if (socket_connect(N, fd, (struct sockaddr *)&door, sizeof door) == 0)
		return fd;
	socket_close(N, fd);
	return -1;
}

static inline void say(int fd, const char *words)
{
	socket_write(N, fd, words, strlen(words));
}

/* The first line of what comes, or how it ended. */
static inline const char *heard(int fd)
{
	static char line[256];
	ssize_t count = socket_read(N, fd, line, sizeof line - 1);

	if (count <= 0)
		return count == 0 ? "the end" : strerror(errno);
	line[count] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static inline void told(void *ud, struct server *s, int from, int to)
{
	(void)ud;
	(void)s;
	printf("\tthe server is %s (%s)\n", server_status_name(to),
	       server_event(from, to));
}

static inline int finish(void)
{
	int result = server_run(S);

	server_close(S);
	return result == -1;
}

#endif
