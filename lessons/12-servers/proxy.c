/* Passes connections on to another server. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "by_loop.h"
#include "program.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static struct sockaddr_storage target;
static socklen_t target_length;

/* Looks the name up once, before anybody is served: that call waits. */
static int find_target(char **arguments)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	int error = getaddrinfo(arguments[0], arguments[1], &hints, &found);

	if (error != 0) {
		fprintf(stderr, "proxy: %s, port %s: %s\n", arguments[0],
			arguments[1], gai_strerror(error));
		return -1;
	}
	memcpy(&target, found->ai_addr, found->ai_addrlen);
	target_length = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

static long by_loop;

//! [serve]
static void serve(struct connection *c)
{
	if (connection_connect(c, (struct sockaddr *)&target, target_length) ==
	    -1)
		connection_cut(c);
	else if (by_loop)
		relay_by_loop(c);
	else
		relay(c);
}
//! [serve]

int main(int argc, char **argv)
{
	static const struct program proxy = {
		.name = "proxy",
		.does = "Passes each connection on to PORT of HOST.",
		.arguments = { "HOST", "PORT" },
		.prepare = find_target,
		.flag = "--by-loop",
		.flag_does = "pass on without a switch what finds room",
		.flag_set = &by_loop,
		.options = { .serve = serve, .parts = 2 },
	};

	return program_main(&proxy, argc, argv);
}
