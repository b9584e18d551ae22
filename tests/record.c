/*
 * Records the moves that a program's coroutines make. Linked into tests and
 * lesson programs with the options of record.flags, and from an archive with
 * record_parking.c, record_dispatcher.c and record_timer.c, so that a program
 * gets of those what it has use for:
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

/* A schedule that is recorded, and the trace its program asked for. */
struct recorded {
	struct schedule *S;
	coroutine_tracer tracer;
	void *ud;
};

/* A schedule belongs to its thread, and so does the record of it. More open at
 * a time than this are not recorded: their programs are about something else. */
#define RECORDED_MAX 256
static _Thread_local struct recorded recorded[RECORDED_MAX];

/* A timeline needs the moves in their order, a stress run makes millions: past
 * these many, a move is written only when it is the first of its kind. */
#define MOVES_MAX 1000
static _Thread_local int moves;
static _Thread_local int seen[COROUTINE_STATES][COROUTINE_STATES];

static struct recorded *find(const struct schedule *S)
{
	for (int i = 0; i < RECORDED_MAX; i++)
		if (recorded[i].S == S)
			return &recorded[i];
	return NULL;
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
	record_line("COROUTINE_MOVES", line);
}

static void record(void *ud, struct schedule *S, int id, int from, int to)
{
	struct recorded *r = ud;
	int error = errno;

	if (moves < MOVES_MAX || !seen[from][to]) {
		moves += moves < MOVES_MAX;
		seen[from][to] = 1;
		append(id, from, to);
	}
	errno = error;
	if (r->tracer)
		r->tracer(r->ud, S, id, from, to);
}

static struct schedule *begin(struct schedule *S)
{
	struct recorded *r = find(NULL);

	if (S == NULL || r == NULL || getenv("COROUTINE_MOVES") == NULL)
		return S;
	*r = (struct recorded){ S, NULL, NULL };
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
	struct recorded *r = S ? find(S) : NULL;

	if (r == NULL)
		return __real_coroutine_trace(S, tracer, ud);
	r->tracer = tracer;
	r->ud = ud;
	return 0;
}

int __wrap_coroutine_close(struct schedule *S)
{
	struct recorded *r = S ? find(S) : NULL;
	int closed = __real_coroutine_close(S);

	if (r && closed == 0)
		r->S = NULL;
	return closed;
}
