/* The moves that all programs and tests have made, against those that are drawn:
 * runs last. */
#define _DEFAULT_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "coroutine.h"
#include "diagrams/known.h"
#include "lessons/12-servers/server.h"
#include "run.h"

#define PLACE "build/moves-test"

/* A table of states, and where its recorded moves are. */
struct table {
	const char *variable;
	const char *path;
	int states;
	const char *(*name)(int state);
	const char *(*event)(int from, int to);
	int (*is_known)(int from, int to); /* is it drawn, and done? */
};

static int always(int from, int to)
{
	(void)from;
	(void)to;
	return 1;
}

/* The lesson that makes such moves may be still to come. */
static int has_lesson(int from, int to)
{
	char pattern[64];
	glob_t files;
	int missing;

	snprintf(pattern, sizeof(pattern), "lessons/%02d-*/*.c",
		 move_lesson(from, to));
	missing = glob(pattern, 0, NULL, &files);
	globfree(&files);
	return !missing;
}

static const struct table tables[] = {
	{ "COROUTINE_MOVES", "build/moves", COROUTINE_STATES,
	  coroutine_status_name, coroutine_event, always },
	{ "DISPATCHER_MOVES", "build/dispatcher-moves", DISPATCHER_STATES,
	  dispatcher_status_name, dispatcher_event, has_lesson },
	{ "SERVER_MOVES", "build/server-moves", SERVER_STATES,
	  server_status_name, server_event, always },
};

enum {
	TABLES = sizeof(tables) / sizeof(tables[0]),
	STATES_MAX = 16 /* of any table */
};

static int state_named(const struct table *table, const char *name)
{
	for (int s = 0; s < table->states; s++)
		if (strcmp(table->name(s), name) == 0)
			return s;
	return -1;
}

/* Marks what a file of "ID FROM TO ..." lines holds; returns how many lines
 * name no state, or -1 without the file. */
static int read_moves(const struct table *table, const char *path,
		      int taken[STATES_MAX][STATES_MAX])
{
	char from[32], to[32];
	int senseless = 0, f, t;
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return -1;
	while (fscanf(file, "%*d %31s %31s%*[^\n]", from, to) == 2) {
		f = state_named(table, from);
		t = state_named(table, to);
		if (f < 0 || t < 0)
			senseless++;
		else
			taken[f][t] = 1;
	}
	senseless += !feof(file);
	fclose(file);
	return senseless;
}

/* Compares recorded moves with the edges of the pictures, which are those of
 * the state table; returns how many differences there are, and names them aloud. */
static int differences(const struct table *table, const char *path, int aloud)
{
	int taken[STATES_MAX][STATES_MAX] = { 0 };
	int count = read_moves(table, path, taken);

	if (count < 0)
		fail_msg("no %s; type: make test", path);
	for (int from = 0; from < table->states; from++) {
		for (int to = 0; to < table->states; to++) {
			int drawn = table->event(from, to) != NULL;

			if (drawn == taken[from][to] ||
			    (drawn && !table->is_known(from, to)))
				continue;
			count++;
			if (!aloud)
				continue;
			print_message("%s -> %s: %s\n", table->name(from),
				      table->name(to),
				      drawn ? "nobody takes this edge"
					    : "nobody drew this move");
		}
	}
	return count;
}

static void every_move_is_drawn_and_every_edge_taken(void **state)
{
	int count = 0;

	(void)state;
	for (int i = 0; i < TABLES; i++) {
		const char *path = getenv(tables[i].variable);

		count += differences(&tables[i], path ? path : tables[i].path,
				     1);
	}
	assert_int_equal(count, 0);
}

/* Writes a move for each edge but one, and one line more. */
static void write_moves(const struct table *table, int but_from, int but_to,
			const char *more)
{
	FILE *file = fopen(PLACE "/moves", "w");

	assert_non_null(file);
	for (int from = 0; from < table->states; from++)
		for (int to = 0; to < table->states; to++)
			if (table->event(from, to) &&
			    !(from == but_from && to == but_to))
				fprintf(file, "7 %s %s - a name\n",
					table->name(from), table->name(to));
	fputs(more, file);
	assert_int_equal(fclose(file), 0);
}

static int differences_with(const struct table *table, const char *more)
{
	write_moves(table, -1, -1, more);
	return differences(table, PLACE "/moves", 0);
}

static void a_move_nobody_drew_is_found(void **state)
{
	char line[64];

	(void)state;
	for (const struct table *t = tables; t < tables + TABLES; t++) {
		assert_int_equal(differences_with(t, ""), 0);
		/* Past the first state: nobody runs before it is ready. */
		snprintf(line, sizeof(line), "3 %s %s\n", t->name(0),
			 t->name(2));
		assert_int_equal(differences_with(t, line), 1);
		snprintf(line, sizeof(line), "3 %s ASLEEP\n", t->name(0));
		assert_int_equal(differences_with(t, line), 1);
		snprintf(line, sizeof(line), "3 %s", t->name(0));
		assert_int_equal(differences_with(t, line), 0);
	}
}

static void an_edge_nobody_takes_is_found(void **state)
{
	(void)state;
	for (const struct table *t = tables; t < tables + TABLES; t++) {
		for (int from = 0; from < t->states; from++) {
			for (int to = 0; to < t->states; to++) {
				if (t->event(from, to) == NULL)
					continue;
				write_moves(t, from, to, "");
				assert_int_equal(
					differences(t, PLACE "/moves", 0),
					t->is_known(from, to));
			}
		}
	}
}

static int begin(void **state)
{
	(void)state;
	return !run_ok("rm -rf " PLACE " && mkdir -p " PLACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_move_is_drawn_and_every_edge_taken),
		cmocka_unit_test(a_move_nobody_drew_is_found),
		cmocka_unit_test(an_edge_nobody_takes_is_found),
	};

	return cmocka_run_group_tests_name("moves", tests, begin, NULL) > 0;
}
