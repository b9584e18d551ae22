/* The texts, the pictures and the book: that they say what the code does, and
 * that each check finds what it is there to find. For that a copy of the tree
 * is broken on purpose, in one place at a time. */
#define _DEFAULT_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "coroutine.h"
#include "diagrams/known.h"
#include "lessons/12-servers/server.h"
#include "run.h"

#define PLACE "build/book-test"
#define COPY PLACE "/copy"

enum { SECONDS = 300, NOT_TESTED = 77 };

/* Runs a command; its output in *said, to be freed; returns its exit status. */
static int run(char **said, const char *command)
{
	struct run result;

	assert_int_equal(run_command(&result, SECONDS, "%s", command), 0);
	*said = result.out;
	return WIFEXITED(result.status) ? WEXITSTATUS(result.status) : -1;
}

/* A check of the tree as it stands. */
static void must_pass(const char *command)
{
	char *said;
	int status = run(&said, command);

	if (status != 0)
		print_message("%s\n", said);
	free(said);
	if (status == NOT_TESTED)
		skip();
	if (status != 0)
		fail_msg("%s", command);
}

/* ---- The tree as it stands. ---------------------------------------------- */

/* Weaving runs every program of the lessons, and has their moves recorded. */
static void texts_say_what_the_programs_do(void **state)
{
	(void)state;
	must_pass(
		"COROUTINE_MOVES=${COROUTINE_MOVES:-build/moves} "
		"DISPATCHER_MOVES=${DISPATCHER_MOVES:-build/dispatcher-moves} "
		"SERVER_MOVES=${SERVER_MOVES:-build/server-moves} "
		"sh diagrams/weave.sh --check");
}

static void pictures_show_what_the_code_does(void **state)
{
	(void)state;
	must_pass("sh diagrams/draw.sh --check");
}

static void the_book_is_made_without_a_warning(void **state)
{
	(void)state;
	must_pass("sh diagrams/book.sh");
}

static void no_link_is_dead(void **state)
{
	(void)state;
	must_pass("sh diagrams/links.sh");
}

/* ---- The moves that programs and tests made. ------------------------------ */

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

/* ---- Copies that are broken on purpose. ----------------------------------- */

#define TEXT "lessons/03-schedule/README.md"
#define PROGRAM "lessons/03-schedule/tutorial.c"
#define DISPATCHER "lessons/09-ready-queue/dispatcher.c"
#define WEAVE "sh diagrams/weave.sh --check " TEXT
#define DRAW "sh diagrams/draw.sh --check"
#define BOOK "sh diagrams/book.sh"
#define LINKS "sh diagrams/links.sh"
#define EDIT(how, file)                                                      \
	"sed '" how "' " file " >edited && "                                 \
	"if cmp -s edited " file "; then echo nothing to edit; exit 1; fi; " \
	"cat edited >" file

struct broken {
	const char *name;
	const char *how;   /* typed in the copy */
	const char *check; /* and then this, */
	const char *words; /* which must fail with these; NULL: must pass */
};

static const struct broken copies[] = {
	{ "an unbroken copy is good", ":", WEAVE " && " DRAW " && " BOOK,
	  NULL },
	{ "code that drifted from its text is found",
	  EDIT("s/turn < 5/turn < 4/", PROGRAM), WEAVE,
	  "+\tfor (int turn = 0; turn < 4; turn++) {" },
	{ "a text that drifted from its code is found",
	  EDIT("s/turn < 5/turn < 6/", TEXT), WEAVE, "type: make weave" },
	{ "output that drifted is found",
	  EDIT("s/^coroutine 0 : 4/coroutine 0 : 5/", TEXT), WEAVE,
	  "-coroutine 0 : 5\n+coroutine 0 : 4\n" },
	{ "weaving mends what drifted",
	  "cp " TEXT
	  " before && " EDIT("s/turn < 5/turn < 6/", TEXT) " && " EDIT(
		  "s/^coroutine 0 : 4/coroutine 0 : 5/", TEXT),
	  "sh diagrams/weave.sh " TEXT " && cmp before " TEXT, NULL },
	{ "a block without a mark is refused",
	  EDIT("/^<!-- code: tutorial.c count/d", TEXT), WEAVE,
	  "this block has no mark" },
	{ "a mark without a block is refused",
	  EDIT("1s/$/\\\n<!-- code: tutorial.c main -->/", TEXT), WEAVE,
	  "no block follows this mark" },
	{ "a part that is not marked in its file is refused",
	  EDIT("/\\[count\\]/d", PROGRAM), WEAVE,
	  "tutorial.c has 0 marks //! [count], not two" },
	{ "a mark that no text uses is refused",
	  "echo '//! [left over]' >>" DISPATCHER, WEAVE,
	  "no text uses the mark //! [left over]" },
	{ "a file that is not there is refused",
	  EDIT("s/code: tutorial.c main/code: totorial.c main/", TEXT), WEAVE,
	  "no file totorial.c here" },
	{ "a transcript that begins with no command is refused",
	  EDIT("s/^\\$ cc/cc/", TEXT), WEAVE, "a console block begins with" },
	{ "a program that its lesson never runs is refused",
	  "cp " PROGRAM " lessons/03-schedule/unseen.c", WEAVE,
	  "unseen.c is never run" },
	{ "a question answered twice in one lesson is refused",
	  "echo '### Q21: Again?' >>" TEXT, WEAVE, "Q21 is answered twice" },
	{ "a title that is not its folder's is refused", EDIT("1s/3/4/", TEXT),
	  WEAVE, "the title is to be # Lesson 3" },
	{ "output that names this machine is refused",
	  EDIT("s/printf(\"main start/printf(\"%s\", getenv(\"PWD\"));&/;"
	       "1s/$/\\\n#include <stdlib.h>/",
	       PROGRAM),
	  WEAVE, "prints this machine's path" },
	{ "a text reads the same with an absent C++ compiler", ":",
	  "CXX=no-such-compiler sh diagrams/weave.sh --check "
	  "lessons/06-values/README.md",
	  NULL },
	{ "a block without its compiler is named", ":",
	  "CC=no-such-compiler " WEAVE " && false",
	  "not tested: " TEXT " from block 1 on, which needs cc" },
	{ "an event that is renamed is found in the pictures",
	  EDIT("s/\"yield\"/\"pause\"/", "coroutine.c"), DRAW,
	  "type: make draw" },
	{ "a run that is another is found in its timeline",
	  EDIT("s/turn < 5/turn < 4/", PROGRAM), DRAW, "timeline-03.svg" },
	{ "an event of the dispatcher that is renamed is found",
	  EDIT("s/= \"cond\"/= \"news\"/", DISPATCHER), DRAW,
	  "type: make draw" },
	{ "a move of the dispatcher that has no place is refused",
	  EDIT("s/= { .DISPATCHER_GONE. = END/&, [DISPATCHER_ON_COND] = \"x\"/",
	       DISPATCHER),
	  DRAW, "no place for ENDED -> ON_COND" },
	{ "a clock that goes otherwise is found in its timeline",
	  EDIT("s/bread = 50/bread = 55/", "lessons/10-timer/kitchen.c"), DRAW,
	  "timeline-10.svg" },
	{ "a picture that is missing is found", "rm diagrams/copy.svg", DRAW,
	  "copy.svg" },
	{ "a public function without a word fails the book",
	  EDIT("s/^int coroutine_running/int coroutine_mute(void);\\\n&/",
	       "coroutine.h"),
	  BOOK, "coroutine_mute" },
	{ "a parameter without a word fails the book",
	  EDIT("/@param func what it runs/d", "coroutine.h"), BOOK,
	  "parameter 'func'" },
	{ "a value of an enum without a word fails the book",
	  EDIT("s/COROUTINE_DEAD = 0,.*/COROUTINE_DEAD = 0,/", "coroutine.h"),
	  BOOK, "undocumented: COROUTINE_DEAD" },
	{ "a link to a text that is not there is found",
	  "echo '[gone](gone.md)' >>" TEXT, LINKS, "dead: gone.md" },
	{ "a link to a heading that is not there is found",
	  "echo '[gone](../README.md#gone)' >>" TEXT, LINKS,
	  "no such anchor: ../README.md#gone" },
	{ "a picture that is not there is found",
	  "echo '![gone](../../diagrams/gone.svg)' >>" TEXT, LINKS,
	  "dead: ../../diagrams/gone.svg" },
	{ "a picture without words is found",
	  "echo '![](../../diagrams/copy.svg)' >>" TEXT, LINKS,
	  "no words for the picture" },
	{ "a dead link in the book is found",
	  BOOK " && echo '<a href=\"gone.html\">' >>build/book/index.html",
	  LINKS, "build/book/index.html" },
	{ "a dead anchor in the book is found",
	  BOOK " && echo '<a href=\"course.html#gone\">' "
	       ">>build/book/index.html",
	  LINKS, "no such anchor: course.html#gone" },
};

static void fresh_copy(void)
{
	assert_true(run_ok("rm -rf " COPY " && mkdir -p " COPY " && "
			   "for f in .github *; do [ $f = build ] || "
			   "cp -R $f " COPY "/ || exit; done"));
}

static void a_check_does_its_work(void **state)
{
	const struct broken *broken = *state;
	char command[2048], *said;
	int status;

	fresh_copy();
	snprintf(command, sizeof(command), "cd " COPY " || exit; %s",
		 broken->how);
	status = run(&said, command);
	if (status == NOT_TESTED)
		skip();
	if (status != 0)
		fail_msg("%s\n%s", broken->how, said);
	free(said);
	snprintf(command, sizeof(command), "cd " COPY " || exit; %s",
		 broken->check);
	status = run(&said, command);
	if (status == NOT_TESTED)
		skip();
	if (broken->words == NULL
		    ? status != 0
		    : status != 1 || strstr(said, broken->words) == NULL)
		fail_msg("status %d of: %s\nwanted: %s\n%s", status,
			 broken->check,
			 broken->words ? broken->words : "success", said);
	free(said);
}

static int begin(void **state)
{
	(void)state;
	return !run_ok("rm -rf " PLACE " && mkdir -p " PLACE);
}

int main(void)
{
	enum { FIRST = 7, COPIES = sizeof(copies) / sizeof(copies[0]) };
	struct CMUnitTest tests[FIRST + COPIES] = {
		cmocka_unit_test(texts_say_what_the_programs_do),
		cmocka_unit_test(pictures_show_what_the_code_does),
		cmocka_unit_test(the_book_is_made_without_a_warning),
		cmocka_unit_test(no_link_is_dead),
		cmocka_unit_test(every_move_is_drawn_and_every_edge_taken),
		cmocka_unit_test(a_move_nobody_drew_is_found),
		cmocka_unit_test(an_edge_nobody_takes_is_found),
	};

	for (int i = 0; i < COPIES; i++) {
		tests[FIRST + i].name = copies[i].name;
		tests[FIRST + i].test_func = a_check_does_its_work;
		tests[FIRST + i].initial_state = (void *)(uintptr_t)&copies[i];
	}
	return cmocka_run_group_tests_name("book", tests, begin, NULL) > 0;
}
