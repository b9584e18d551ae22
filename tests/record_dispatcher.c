/*
 * Records the moves of a dispatcher's coroutines, as record.c does those of a
 * schedule's: a line "ID FROM TO MOMENT NAME" for each goes to the file that
 * DISPATCHER_MOVES names. MOMENT is "-" where the program has no clock of its
 * own; NAME is missing once the coroutine is gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lessons/09-ready-queue/dispatcher.h"
#include "record.h"

struct dispatcher *
__real_dispatcher_open(const struct coroutine_options *options);
int __real_dispatcher_trace(struct dispatcher *D, dispatcher_tracer tracer,
			    void *ud);
int __real_dispatcher_close(struct dispatcher *D);

struct dispatcher *
__wrap_dispatcher_open(const struct coroutine_options *options);
int __wrap_dispatcher_trace(struct dispatcher *D, dispatcher_tracer tracer,
			    void *ud);
int __wrap_dispatcher_close(struct dispatcher *D);

static _Thread_local struct record dispatchers = { .variable =
							   "DISPATCHER_MOVES" };

__attribute__((weak)) long long record_moment(void)
{
	return -1;
}

static void append(struct dispatcher *D, int id, int from, int to)
{
	char line[128], moment[24] = "-";
	const char *name = dispatcher_name(D, id);

	if (record_moment() >= 0)
		snprintf(moment, sizeof(moment), "%lld", record_moment());
	snprintf(line, sizeof(line), "%d %s %s %s %s\n", id,
		 dispatcher_status_name(from), dispatcher_status_name(to),
		 moment, name ? name : "");
	record_line(dispatchers.variable, line);
}

static void record(void *ud, struct dispatcher *D, int id, int from, int to)
{
	struct recorded *r = ud;
	int error = errno;

	if (record_wants(&dispatchers, from, to))
		append(D, id, from, to);
	errno = error;
	if (r->tracer)
		((dispatcher_tracer)r->tracer)(r->ud, D, id, from, to);
}

struct dispatcher *
__wrap_dispatcher_open(const struct coroutine_options *options)
{
	struct dispatcher *D = __real_dispatcher_open(options);
	struct recorded *r = record_begin(&dispatchers, D);

	if (r)
		__real_dispatcher_trace(D, record, r);
	return D;
}

int __wrap_dispatcher_trace(struct dispatcher *D, dispatcher_tracer tracer,
			    void *ud)
{
	struct recorded *r = D ? record_find(&dispatchers, D) : NULL;

	if (r == NULL)
		return __real_dispatcher_trace(D, tracer, ud);
	r->tracer = (void (*)(void))tracer;
	r->ud = ud;
	return 0;
}

int __wrap_dispatcher_close(struct dispatcher *D)
{
	int closed = __real_dispatcher_close(D);

	if (closed == 0)
		record_end(&dispatchers, D);
	return closed;
}
