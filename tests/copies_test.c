/* The checks of texts, pictures and book find what they are there to find: a copy
 * of the tree is broken on purpose, in one place at a time. */
#define _DEFAULT_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "run.h"

#define COPY "build/copies/copy"

enum { SECONDS = 300, NOT_TESTED = 77 };

/* Runs a command; its output in *said, to be freed; returns its exit status. */
static int run(char **said, const char *command)
{
	struct run result;

	assert_int_equal(run_command(&result, SECONDS, "%s", command), 0);
	*said = result.out;
	return WIFEXITED(result.status) ? WEXITSTATUS(result.status) : -1;
}

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
	return !run_ok("rm -rf build/copies && mkdir -p build/copies");
}

int main(void)
{
	enum { COPIES = sizeof(copies) / sizeof(copies[0]) };
	struct CMUnitTest tests[COPIES] = { 0 };

	for (int i = 0; i < COPIES; i++) {
		tests[i].name = copies[i].name;
		tests[i].test_func = a_check_does_its_work;
		tests[i].initial_state = (void *)(uintptr_t)&copies[i];
	}
	return cmocka_run_group_tests_name("copies", tests, begin, NULL) > 0;
}
