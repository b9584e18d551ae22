/* The learner's commands, typed as a learner types them, in a copy of the tree
 * in which nothing has been answered yet. */
#define _DEFAULT_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "run.h"

#define COPY "build/learner"
#define LESSON "01"

enum { WORD = 64, SECONDS = 120 };

/* ---- The learner. --------------------------------------------------------- */

static char word[WORD];   /* the first exercise of the course, */
static char folder[WORD]; /* and where it is: "exercises/01-context" */

/* A fresh copy: every answer is its starter, and no progress. */
static int set_up(void **state)
{
	(void)state;
	return !run_ok("rm -rf " COPY " " COPY "-before && mkdir -p " COPY
		       " && "
		       "cp -r Makefile coroutine.c coroutine.h lessons tests "
		       "exercises " COPY " && cd " COPY " && "
		       "rm -rf .progress exercises/*/*.c.[0-9]* && "
		       "for s in exercises/*/*/starter.c; do "
		       "cp \"$s\" \"${s%%/starter.c}.c\" || exit; done && "
		       "cp -r exercises ../learner-before");
}

/* Types a command. Its status, and what it said in *said, to be freed. */
static int type(char **said, const char *before, const char *command)
{
	struct run run;

	assert_int_equal(run_command(&run, SECONDS,
				     "cd " COPY " || exit; "
				     "unset CMOCKA_MESSAGE_OUTPUT; NO_COLOR=1 "
				     "%s sh exercises/learn.sh %s",
				     before, command),
			 0);
	*said = run.out;
	return WIFEXITED(run.status) ? WEXITSTATUS(run.status) : -1;
}

static void must_say(const char *said, const char *text)
{
	if (strstr(said, text))
		return;
	print_message("\"%s\" is missing in:\n%s", text, said);
	fail();
}

/* Types it and wants this status and these words. */
static void expect(const char *before, const char *command, int status,
		   const char *text)
{
	char *said;
	int is = type(&said, before, command);

	if (is != status)
		print_message("learn.sh %s: %s", command, said);
	assert_int_equal(is, status);
	must_say(said, text);
	must_say(said, "Next: ");
	assert_null(strchr(said, '\033'));
	free(said);
}

static void in_copy(const char *command)
{
	assert_true(run_ok("cd " COPY " || exit; w=%s f=%s; "
			   "unset CMOCKA_MESSAGE_OUTPUT; %s",
			   word, folder, command));
}

/* The word at the end of progress: "Next: make exercise-01 (visit)". */
static void find_word(void)
{
	struct run run;
	char *said, *at;

	assert_int_equal(type(&said, "", "progress"), 0);
	at = strstr(said, "Next: make exercise-" LESSON " (");
	assert_non_null(at);
	at = strchr(at, '(') + 1;
	snprintf(word, WORD, "%.*s", (int)strcspn(at, ")"), at);
	free(said);
	assert_int_equal(run_command(&run, SECONDS,
				     "cd " COPY " || exit; "
				     "printf %%s exercises/" LESSON "-*"),
			 0);
	snprintf(folder, WORD, "%.*s", WORD - 1, run.out);
	free(run.out);
}

/* ---- The tests. ----------------------------------------------------------- */

static void progress_before_anything(void **state)
{
	(void)state;
	find_word();
	expect("", "progress", 0, "  0 of ");
	in_copy("test ! -e .progress");
}

static void fail_hint_solve(void **state)
{
	(void)state;
	find_word();
	expect("", "exercise " LESSON, 1, "  FAIL  ");
	expect("", "solution " LESSON, 1, "once your own answer passes");
	expect("", "hint " LESSON, 0, "Hint 1 of 3");
	expect("", "hint " LESSON, 0, "Hint 2 of 3");
	expect("", "hint " LESSON, 0, "Hint 3 of 3");
	expect("", "hint " LESSON, 0, "no more hints");
	expect("", "hint " LESSON, 0, "Hint 2 of 3");
	in_copy("cp $f/$w/solution.c $f/$w.c");
	expect("", "exercise " LESSON, 0, "Passed");
	expect("", "solution " LESSON, 0, "solution.c");
	expect("", "progress", 0, "  1 of ");
	in_copy("cp $f/$w/starter.c $f/$w.c && "
		"diff -r exercises ../learner-before");
}

static void change_unsolves(void **state)
{
	(void)state;
	find_word();
	in_copy("cp $f/$w/solution.c $f/$w.c");
	expect("", "exercise " LESSON, 0, "Passed");
	in_copy("echo >>$f/$w.c");
	expect("", "progress", 0, "  0 of ");
	expect("", "solution " LESSON, 1, "once your own answer passes");
	expect("", "exercise " LESSON, 0, "Passed");
	expect("", "progress", 0, "  1 of ");
}

static void reset_keeps(void **state)
{
	(void)state;
	find_word();
	expect("", "reset " LESSON, 0, "is the starter already");
	in_copy("echo one >$f/$w.c");
	expect("", "reset " LESSON, 0, ".c.1");
	in_copy("cmp $f/$w.c $f/$w/starter.c && echo two >$f/$w.c");
	expect("", "reset " LESSON, 0, ".c.2");
	in_copy("test \"$(cat $f/$w.c.1 $f/$w.c.2)\" = \"one\ntwo\" && "
		"rm $f/$w.c.1 $f/$w.c.2 && "
		"diff -r exercises ../learner-before");
	in_copy("rm $f/$w.c");
	expect("", "exercise " LESSON, 1, "is missing");
	expect("", "reset " LESSON, 0, "Next: change");
	in_copy("diff -r exercises ../learner-before");
}

static void chosen_by_name(void **state)
{
	char set[WORD + 8];

	(void)state;
	find_word();
	in_copy("cp $f/$w/solution.c $f/$w.c");
	expect("", "exercise " LESSON, 0, "Passed");
	expect("", "exercise " LESSON, 1, "  FAIL  ");
	snprintf(set, sizeof(set), "WORD=%s", word);
	expect(set, "exercise " LESSON, 0, "Passed");
	expect("WORD=nonesuch", "exercise " LESSON, 1, "no exercise nonesuch");
	expect("WORD=nonesuch", "hint " LESSON, 1, "no exercise nonesuch");
	expect("", "exercise 99", 1, "no exercises for lesson 99");
	expect("", "lesson 99", 1, "no lesson 99");
	expect("", "exercise", 1, "number is missing");
	expect("", "dance", 1, "no such command");
}

static void syntax_error(void **state)
{
	(void)state;
	find_word();
	in_copy("echo 'int f(void) { return ; ' >>$f/$w.c");
	expect("", "exercise " LESSON, 1, "does not compile");
}

static void only_unoptimised(void **state)
{
	(void)state;
	find_word();
	in_copy("{ echo '#ifndef __OPTIMIZE__'; cat $f/$w/solution.c; "
		"echo '#else'; cat $f/$w/starter.c; echo '#endif'; } >$f/$w.c");
	expect("", "exercise " LESSON, 1, "at -O2");
	expect("", "progress", 0, "  0 of ");
}

/* A wrong answer that fails for another reason gets no word of it, and a right
 * one is never tried. */
static void a_local_that_is_away(void **state)
{
	char *said;

	(void)state;
	in_copy("cp exercises/06-values/average/wrong/local-answer.c "
		"exercises/06-values/average.c");
	expect("WORD=average", "exercise 06", 1,
	       "Strict mode (see lesson 04) says:\n"
	       "code outside of every coroutine touches a local of coroutine "
	       "0");
	expect("WORD=average", "exercise 06", 1, "  FAIL  ");
	in_copy("cp exercises/06-values/average/wrong/static-sum.c "
		"exercises/06-values/average.c && "
		"rm -f build/exercises/average/test-strict");
	assert_int_equal(type(&said, "WORD=average", "exercise 06"), 1);
	assert_null(strstr(said, "Strict mode"));
	free(said);
	in_copy("test -e build/exercises/average/test-strict && "
		"rm build/exercises/average/test-strict && "
		"cp exercises/06-values/average/solution.c "
		"exercises/06-values/average.c");
	expect("WORD=average", "exercise 06", 0, "Passed");
	in_copy("test ! -e build/exercises/average/test-strict && "
		"cp exercises/06-values/average/starter.c "
		"exercises/06-values/average.c");
	expect("WORD=average", "exercise 06", 1, "  FAIL  ");
	in_copy("test ! -e build/exercises/average/test-strict");
}

/* The programs of a lesson in strict mode, which are built apart. */
static void a_lesson_in_strict_mode(void **state)
{
	(void)state;
	in_copy("make -s lesson-06 STRICT=1 >said 2>&1 && "
		"grep -q 'touches a local of coroutine 0' said && "
		"make -s lesson-06 >said 2>&1 && "
		"! grep -q 'touches a local' said");
}

/* A compiler that knows nothing of CMocka. */
static void make_poor_compiler(void)
{
	in_copy("{ echo '#!/bin/sh'; echo 'for one; do case $one in "
		"*cmocka* | *check.c) exit 1 ;; esac; done'; "
		"echo \"exec ${CC:-cc} \\\"\\$@\\\"\"; } >poor && "
		"chmod +x poor");
}

static void without_cmocka(void **state)
{
	(void)state;
	find_word();
	make_poor_compiler();
	expect("CC=./poor", "exercise " LESSON, 1, "Next: make deps");
	expect("CC=nonesuch", "exercise " LESSON, 1, "no C compiler");
	expect("CC=./poor", "hint " LESSON, 0, "Hint 1 of 3");
	expect("CC=./poor", "learn", 0, "Next: ");
}

static void all_have_hints(void **state)
{
	(void)state;
	find_word();
	in_copy("sh exercises/learn.sh progress >list && "
		"awk '/\\[ \\]/ { for (i = 5; i <= NF; i += 3) print $1, $i }' "
		"list >words && "
		"test $(wc -l <words) = "
		"$(ls exercises/*/*/test.c | wc -l) && "
		"while read -r n one; do for k in 1 2 3; do "
		"WORD=$one sh exercises/learn.sh hint $n >said && "
		"grep -q \"^Hint $k of 3 for $one\" said && "
		"test $(wc -l <said) -ge 3 || { cat said; exit 1; }; done; "
		"WORD=$one sh exercises/learn.sh hint $n | "
		"grep -q 'no more hints' || exit 1; done <words");
}

/* Saves, and waits for what the watch says to it. */
static void watch_moves_on(void **state)
{
	(void)state;
	find_word();
	in_copy(": >said; says() { n=0; until grep -q \"$1\" said; do "
		"sleep 0.1; n=$((n + 1)); test $n -lt 600 || return 1; done; "
		"}; "
		"sh exercises/learn.sh watch >said 2>&1 & watch=$!; "
		"says 'Watching' && cp $f/$w/solution.c $f/$w.c && "
		"says 'Passed' && says 'Watching.*/[^/]*.c' && "
		"n=0; until test $(grep -c '^Watching' said) -ge 2; do "
		"sleep 0.1; n=$((n + 1)); test $n -lt 600 || break; done; "
		"kill $watch; says 'Not watching' || { cat said; exit 1; }; "
		"test $(grep -c '^exercise ' said) -ge 3 && "
		"test -e .progress/$w.solved");
}

static void two_goals_are_two_commands(void **state)
{
	(void)state;
	find_word();
	in_copy("echo 'int f(void' >$f/$w.c; "
		"! ${MAKE:-make} reset-01 exercise-01 >said 2>&1 && "
		"grep 'Your answer is kept in' said && grep '  FAIL  ' said && "
		"rm said $f/$w.c.1");
}

static void a_file_hides_no_goal(void **state)
{
	(void)state;
	find_word();
	in_copy(": >exercise-01; : >hint-01; : >reset-01; : >lesson-01; "
		"${MAKE:-make} hint-01 reset-01 >said && grep 'Hint 1' said && "
		"grep 'is the starter already' said && "
		"! ${MAKE:-make} exercise-01 >said 2>&1 && "
		"grep '  FAIL  ' said && "
		"${MAKE:-make} -n lesson-01 | grep 'learn.sh lesson 01'");
}

/* As git hands the tree out on Windows, and where somebody has set it so. */
static void checked_out_with_lf(void **state)
{
	struct run run;
	int there = run_command(&run, SECONDS, "command -v git") == 0 &&
		    run.status == 0;

	(void)state;
	free(run.out);
	if (!there) {
		fprintf(stderr, "not tested: git\n");
		skip();
	}
	in_copy("cp ../../.gitattributes . && git init -q && "
		"git config core.autocrlf true && git add -A 2>/dev/null && "
		"cp -r tests/fuzz ../learner-fuzz && rm -r tests exercises && "
		"git checkout -q -- . && test -f exercises/learn.sh && "
		"diff -r tests/fuzz ../learner-fuzz && "
		"rm -r ../learner-fuzz && cr=$(printf '\\r') && "
		"! grep -rl \"$cr\" exercises tests/*.* Makefile");
}

static void new_exercise_works(void **state)
{
	(void)state;
	find_word();
	in_copy("${MAKE:-make} new-exercise NAME=larger LESSON=" LESSON
		" && cmp $f/larger.c $f/larger/starter.c && "
		"grep '<!-- exercises: .* larger -->' $f/README.md");
	expect("WORD=larger", "exercise " LESSON, 1, "  FAIL  ");
	expect("WORD=larger", "hint " LESSON, 0, "Hint 1 of 3");
	in_copy("cp $f/larger/solution.c $f/larger.c");
	expect("WORD=larger", "exercise " LESSON, 0, "Passed");
	in_copy("cp -r $f before; for wrong in larger $w 9lives Up 'a b' "
		"\"it's\" "
		"''; do ${MAKE:-make} new-exercise LESSON=" LESSON
		" NAME=\"$wrong\" && exit 1; done; "
		"! ${MAKE:-make} new-exercise NAME=other LESSON=99 && "
		"diff -r $f before");
}

#define TYPED(name, run)                      \
	{                                     \
		name, run, set_up, NULL, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TYPED("progress shows the course before anything is tried",
		      progress_before_anything),
		TYPED("an exercise fails, hints three times, passes, shows its "
		      "solution",
		      fail_hint_solve),
		TYPED("a changed answer has to pass again", change_unsolves),
		TYPED("reset keeps every old answer", reset_keeps),
		TYPED("an exercise is chosen by its name, and only one there "
		      "is",
		      chosen_by_name),
		TYPED("an answer that does not compile is told so",
		      syntax_error),
		TYPED("an answer that passes only at -O0 does not pass",
		      only_unoptimised),
		TYPED("a pointer to a local that is away is named",
		      a_local_that_is_away),
		TYPED("a lesson runs in strict mode", a_lesson_in_strict_mode),
		TYPED("without CMocka it says make deps, and learn needs none",
		      without_cmocka),
		TYPED("every exercise is listed and has three hints",
		      all_have_hints),
		TYPED("two goals of one line are two commands",
		      two_goals_are_two_commands),
		TYPED("a file hides no goal of its name", a_file_hides_no_goal),
		TYPED("a checkout that asks for CR LF has LF",
		      checked_out_with_lf),
		TYPED("a new exercise compiles, fails, and passes with its "
		      "solution",
		      new_exercise_works),
		TYPED("watch tests at every save and moves on", watch_moves_on),
	};

	/* What a Makefile above us exported is not the learner's. */
	unsetenv("MAKEFLAGS");
	unsetenv("MAKELEVEL");
	unsetenv("WORD");
	return cmocka_run_group_tests_name("learn", tests, NULL, NULL) > 0;
}
