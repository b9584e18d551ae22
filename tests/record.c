/*
 * Records the moves that a program's coroutines make. Linked into tests and
 * lesson programs with the options of record.flags, and from an archive with
 * record_parking.c, record_dispatcher.c, record_timer.c and record_server.c, so
 * that a program gets of those what it has use for:
 *
 *   cc ... build/record.a @tests/record.flags
 *
 * It appends a line "ID FROM TO" for each move, states by name, to the file
 * that COROUTINE_MOVES names, and " in vain" where a coroutine found that it
 * has to wait on; without that variable it does nothing. The program's own
 * trace is called as ever.
 *
 * It leaves errno alone and asks nobody's malloc, so that tests which count
 * allocations or make them fail see what they would see without it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../coroutine.h"
#include "record.h"

struct schedule *__real_coroutine_open(void);
struct schedule *
__real_coroutine_open_with(const struct coroutine_options *options);
int __real_coroutine_trace(struct schedule *S, coroutine_tracer tracer,
			   void *ud);
int __real_coroutine_close(struct schedule *S);

struct schedule *__wrap_coroutine_open(void);
struct schedule *
__wrap_coroutine_open_with(const struct coroutine_options *options);
int __wrap_coroutine_trace(struct schedule *S, coroutine_tracer tracer,
			   void *ud);
int __wrap_coroutine_close(struct schedule *S);

/* ---- What the recorders share -------------------------------------------- */

struct recorded *record_find(struct record *record, const void *what)
{
	for (int i = 0; i < RECORDED_MAX; i++)
		if (record->all[i].what == what)
			return &record->all[i];
	return NULL;
}

struct recorded *record_begin(struct record *record, const void *what)
{
	struct recorded *r = record_find(record, NULL);

	if (what == NULL || r == NULL || getenv(record->variable) == NULL)
		return NULL;
	*r = (struct recorded){ what, NULL, NULL };
	return r;
}

void record_end(struct record *record, const void *what)
{
	struct recorded *r = what ? record_find(record, what) : NULL;

	if (r)
		r->what = NULL;
}

/* A timeline needs the moves in their order, a stress run makes millions: past
 * these many, a move is written only when it is the first of its kind. */
int record_wants(struct record *record, int from, int to)
{
	enum { MOVES_MAX = 1000 };

	if (record->moves == MOVES_MAX && record->seen[from][to])
		return 0;
	record->moves += record->moves < MOVES_MAX;
	record->seen[from][to] = 1;
	return 1;
}

/* One write of one line: programs that run at once share the file. By stdio, for
 * a test may have write() or close() fail, and malloc() too: what the C library
 * calls of these for itself is not wrapped. */
void record_line(const char *variable, const char *line)
{
	const char *path = getenv(variable);
	FILE *file = path ? fopen(path, "a") : NULL;
	int said;

	if (file == NULL)
		return;
	said = fputs(line, file);
	if (fclose(file) == EOF || said == EOF)
		fprintf(stderr, "record: %s is not complete\n", path);
}

/* ---- A schedule's coroutines --------------------------------------------- */

static _Thread_local struct record schedules = { .variable =
							 "COROUTINE_MOVES" };

__attribute__((weak)) const char *record_note(void)
{
	return "";
}

static void append(int id, int from, int to)
{
	char line[64];

	snprintf(line, sizeof(line), "%d %s %s%s\n", id,
		 coroutine_status_name(from), coroutine_status_name(to),
		 record_note());
	record_line(schedules.variable, line);
}

static void record(void *ud, struct schedule *S, int id, int from, int to)
{
	struct recorded *r = ud;
	int error = errno;

	if (record_wants(&schedules, from, to))
		append(id, from, to);
	errno = error;
	if (r->tracer)
		((coroutine_tracer)r->tracer)(r->ud, S, id, from, to);
}

static struct schedule *begin(struct schedule *S)
{
	struct recorded *r = record_begin(&schedules, S);

	if (r)
		__real_coroutine_trace(S, record, r);
	return S;
}

struct schedule *__wrap_coroutine_open(void)
{
	return begin(__real_coroutine_open());
}

struct schedule *
__wrap_coroutine_open_with(const struct coroutine_options *options)
{
	return begin(__real_coroutine_open_with(options));
}

int __wrap_coroutine_trace(struct schedule *S, coroutine_tracer tracer,
			   void *ud)
{
	struct recorded *r = S ? record_find(&schedules, S) : NULL;

	if (r == NULL)
		return __real_coroutine_trace(S, tracer, ud);
	r->tracer = (void (*)(void))tracer;
	r->ud = ud;
	return 0;
}

int __wrap_coroutine_close(struct schedule *S)
{
	int closed = __real_coroutine_close(S);

	if (closed == 0)
		record_end(&schedules, S);
	return closed;
}
