/*
 * Records the moves of a server, as record.c does those of a schedule's
 * coroutines: a line "0 FROM TO" for each goes to the file that SERVER_MOVES
 * names.
 */
#include <errno.h>
#include <stdio.h>

#include "../lessons/12-servers/server.h"
#include "record.h"

struct server *__real_server_open(const struct server_options *options);
int __real_server_trace(struct server *s, server_tracer tracer, void *ud);
int __real_server_close(struct server *s);

struct server *__wrap_server_open(const struct server_options *options);
int __wrap_server_trace(struct server *s, server_tracer tracer, void *ud);
int __wrap_server_close(struct server *s);

static _Thread_local struct record servers = { .variable = "SERVER_MOVES" };

static void append(int from, int to)
{
	char line[64];

	snprintf(line, sizeof(line), "0 %s %s\n", server_status_name(from),
		 server_status_name(to));
	record_line(servers.variable, line);
}

static void record(void *ud, struct server *s, int from, int to)
{
	struct recorded *r = ud;
	int error = errno;

	if (record_wants(&servers, from, to))
		append(from, to);
	errno = error;
	if (r->tracer)
		((server_tracer)r->tracer)(r->ud, s, from, to);
}

struct server *__wrap_server_open(const struct server_options *options)
{
	struct server *s = __real_server_open(options);
	struct recorded *r = record_begin(&servers, s);

	if (r)
		__real_server_trace(s, record, r);
	return s;
}

int __wrap_server_trace(struct server *s, server_tracer tracer, void *ud)
{
	struct recorded *r = s ? record_find(&servers, s) : NULL;

	if (r == NULL)
		return __real_server_trace(s, tracer, ud);
	r->tracer = (void (*)(void))tracer;
	r->ud = ud;
	return 0;
}

int __wrap_server_close(struct server *s)
{
	int closed = __real_server_close(s);

	if (closed == 0)
		record_end(&servers, s);
	return closed;
}
