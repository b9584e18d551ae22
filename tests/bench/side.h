/*
 * What the programs of the bench have in common: checked calls, addresses of
 * this machine, and the command line of a proxy.
 */
#ifndef SIDE_H
#define SIDE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void must(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

static inline struct sockaddr_in local(int port)
{
	struct sockaddr_in address;

	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((unsigned short)port);
	return address;
}

/* A socket of this machine that has sent before Nagle thinks. */
static inline int made(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	must(fd != -1, "socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

/* Listens; port 0: at any that is free. */
static inline int listening(int port)
{
	struct sockaddr_in address = local(port);
	int fd = made(), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	must(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
		     listen(fd, 1024) == 0,
	     "listen");
	return fd;
}

static inline int connected(int port)
{
	struct sockaddr_in address = local(port);
	int fd = made();

	must(connect(fd, (struct sockaddr *)&address, sizeof address) == 0,
	     "connect");
	return fd;
}

/* What the callbacks need of the command line of lesson 12's proxy: `--port P
 * --connections N 127.0.0.1 PORT`. */
struct options {
	int port, server;
};

static inline struct options parse(int argc, char **argv)
{
	struct options o = { 0, 0 };

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			o.port = atoi(argv[i + 1]);
		else if (strncmp(argv[i], "--", 2) != 0)
			o.server = atoi(argv[i + 1]);
	}
	return o;
}

#endif
