/* What somebody else's build gets: the two files alone, and what `make install`
 * puts where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run.h"

#define ALONE "build/alone"
#define ROOT "build/installed"

/* A tree of our own, and its prefix with a blank in it: $p to the shell. */
#define OWN "cd build/own || exit; p=\"$PWD/a prefix\"; "
#define MAKE "${MAKE:-make} -s -C tree "
#define STRICT "-Wall -Wextra -Wpedantic -Werror"

static const char tutorial[] = "main start\n"
			       "coroutine 0 : 0\ncoroutine 1 : 100\n"
			       "coroutine 0 : 1\ncoroutine 1 : 101\n"
			       "coroutine 0 : 2\ncoroutine 1 : 102\n"
			       "coroutine 0 : 3\ncoroutine 1 : 103\n"
			       "coroutine 0 : 4\ncoroutine 1 : 104\n"
			       "main end\n";

static void prints_the_tutorial(const char *command)
{
	struct run result;

	assert_int_equal(run_command(&result, 60, "%s", command), 0);
	assert_string_equal(result.out, tutorial);
	assert_int_equal(result.status, 0);
	free(result.out);
}

static void two_files_are_enough(void **state)
{
	(void)state;
	assert_true(run_ok("rm -rf " ALONE " && mkdir -p " ALONE " && "
			   "cp coroutine.h coroutine.c "
			   "lessons/03-schedule/tutorial.c " ALONE " && "
			   "cd " ALONE " && ${CC:-cc} -c coroutine.c && "
			   "${CC:-cc} -o tutorial tutorial.c coroutine.o"));
	prints_the_tutorial(ALONE "/tutorial");
}

static void nothing_is_left_over_after_close(void **state)
{
	(void)state;
	if (run_ok("command -v valgrind >/dev/null") == 0)
		skip();
	assert_true(run_ok("cd " ALONE " && ${CC:-cc} -DCOROUTINE_VALGRIND "
			   "-o leaks tutorial.c coroutine.c && valgrind -q "
			   "--leak-check=full --show-leak-kinds=all "
			   "--errors-for-leak-kinds=all --error-exitcode=9 "
			   "./leaks"));
}

static void install_serves_pkg_config(void **state)
{
	(void)state;
	assert_true(run_ok("rm -rf " ROOT " && ${MAKE:-make} -s install "
			   "PREFIX=/somewhere DESTDIR=" ROOT));
	assert_true(run_ok("grep -q '^prefix=/somewhere$' " ROOT
			   "/somewhere/lib/pkgconfig/coroutine.pc"));
	assert_true(run_ok("cd " ROOT "/somewhere && "
			   "${CC:-cc} -Iinclude -o tutorial "
			   "../../../lessons/03-schedule/tutorial.c "
			   "-Llib -lcoroutine"));
	prints_the_tutorial("LD_LIBRARY_PATH=" ROOT "/somewhere/lib " ROOT
			    "/somewhere/tutorial");
	assert_true(run_ok("cd " ROOT "/somewhere && "
			   "${CC:-cc} -Iinclude -o still "
			   "../../../lessons/03-schedule/tutorial.c "
			   "lib/libcoroutine.a"));
	prints_the_tutorial(ROOT "/somewhere/still");
}

static void uninstall_leaves_nothing(void **state)
{
	(void)state;
	assert_true(run_ok("${MAKE:-make} -s uninstall PREFIX=/somewhere "
			   "DESTDIR=" ROOT " && rm " ROOT
			   "/somewhere/tutorial " ROOT "/somewhere/still && "
			   "test -z \"$(find " ROOT " -type f -o -type l)\""));
}

/* ---- The second library, in a prefix of its own --------------------------- */

/* Skips the test where there is no such tool, and says so. */
static void need(const char *tool)
{
	struct run run;
	int there = run_command(&run, 60, "command -v %s", tool) == 0 &&
		    run.status == 0;

	free(run.out);
	if (there)
		return;
	fprintf(stderr, "not tested: %s\n", tool);
	skip();
}

static void umask_and_blanks_do_no_harm(void **state)
{
	(void)state;
	assert_true(run_ok("rm -rf build/own && mkdir -p build/own/tree && "
			   "cp -r Makefile coroutine.[ch] lessons exercises "
			   "tests build/own/tree && " OWN "umask 077 && " MAKE
			   "install PREFIX=\"$p\" "
			   "CFLAGS='-O1 -DTWO_WORDS=\"a b\"'"));
	assert_true(run_ok(OWN "cd \"$p\" && ls lib/libcoroutine-loop.so.1 && "
			       "wrong=$(find . -type d ! -perm 755; "
			       "find . -type f -name '*.so.*' ! -perm 755; "
			       "find . -type f ! -name '*.so.*' ! -perm 644); "
			       "echo \"$wrong\"; test -z \"$wrong\""));
	assert_true(run_ok(OWN MAKE "install PREFIX=/p DESTDIR=\"../it's\" && "
				    "test -f \"it's/p/lib/libcoroutine.a\""));
}

static void what_pkg_config_cannot_tell_is_refused(void **state)
{
	(void)state;
	assert_true(run_ok(OWN "for prefix in \"/it's\" '/a\"b' '/a\\b' '/a#b' "
			       "'/a`b' relative ''; do " MAKE
			       "install DESTDIR=../refused PREFIX=\"$prefix\" "
			       "2>said && exit 1; "
			       "grep -q '^PREFIX must' said || exit 1; done; "
			       "test ! -e refused"));
}

/* Links the echo as `how` says, and runs it. */
static void echoes(const char *compiler, const char *how)
{
	assert_true(run_ok(OWN "eval \"%s " STRICT " -o echo "
			       "tree/tests/compat/echo.c %s\" && "
			       "test \"$(LD_LIBRARY_PATH=$p/lib ./echo)\" = "
			       "hello",
			   compiler, how));
}

static const char by_hand[] = "-I'$p/include' -x none -L'$p/lib' "
			      "-lcoroutine-loop -lcoroutine";
static const char archives[] = "-I'$p/include' -x none "
			       "'$p/lib/libcoroutine-loop.a' "
			       "'$p/lib/libcoroutine.a' -pthread";
static const char asked[] = "-x none $(PKG_CONFIG_PATH=$p/lib/pkgconfig "
			    "pkg-config --cflags --libs coroutine-loop)";
static const char asked_static[] =
	"-x none -static $(PKG_CONFIG_PATH=$p/lib/pkgconfig "
	"pkg-config --static --cflags --libs coroutine-loop)";

#define C "${CC:-cc} -std=c11"
#define CXX "${CXX:-c++} -std=c++17 -x c++"

static void one_line_builds_a_server(void **state)
{
	(void)state;
	echoes(C, by_hand);
	echoes(C, archives);
}

static void one_line_builds_it_in_cxx(void **state)
{
	(void)state;
	need("${CXX:-c++}");
	echoes(CXX, by_hand);
	echoes(CXX, archives);
}

static void pkg_config_knows_the_line(void **state)
{
	(void)state;
	need("pkg-config");
	echoes(C, asked);
	echoes(C, asked_static);
	need("${CXX:-c++}");
	echoes(CXX, asked);
}

static void headers_stand_alone(const char *compiler)
{
	assert_true(run_ok(OWN "n=0; for h in \"$p\"/include/"
			       "coroutine/*.h; do h=${h##*/}; n=$((n + 1)); "
			       "echo \"#include <coroutine/$h>\" >alone.c && "
			       "eval \"%s " STRICT
			       " -I'$p/include' -c alone.c\" "
			       "|| exit 1; done; test $n -gt 10",
			   compiler));
}

static void every_header_stands_alone(void **state)
{
	(void)state;
	headers_stand_alone(C);
}

static void every_header_stands_alone_in_cxx(void **state)
{
	(void)state;
	need("${CXX:-c++}");
	headers_stand_alone(CXX);
}

/* What it gives out is called in a header. Nothing that a mechanism of the tree
 * needs for itself is among that: a program may have a heap_add() of its own. */
static void nothing_else_is_given_out(void **state)
{
	(void)state;
	need("nm");
	assert_true(run_ok(
		OWN
		"cd \"$p\" && nm -D --defined-only lib/libcoroutine-loop.so "
		">../names && grep -q ' server_open$' ../names && "
		"! grep ' heap_' ../names && while read -r at kind name; do "
		"grep -q \"\\<$name(\" include/coroutine/*.h || exit 1; "
		"done <../names"));
}

/* So that `make all`, and then `make install` as root, leave no file of root's
 * in the tree. */
static void what_is_built_is_not_built_again(void **state)
{
	(void)state;
	assert_true(run_ok(OWN "touch mark && sleep 1 && " MAKE
			       "install PREFIX=/p DESTDIR=../again && "
			       "new=$(find tree -newer mark); echo \"$new\"; "
			       "test -z \"$new\""));
}

static void uninstall_leaves_what_is_yours(void **state)
{
	(void)state;
	assert_true(run_ok(OWN "echo >\"$p/include/coroutine/mine.h\" && "
			       ": >\"$p/lib/libcoroutine.so.0.9\" && " MAKE
			       "uninstall PREFIX=\"$p\" && "
			       "test \"$(cd \"$p\" && find . -type f -o "
			       "-type l | sort)\" = './include/coroutine/mine.h"
			       "\n./lib/libcoroutine.so.0.9' && "
			       "rm \"$p/include/coroutine/mine.h\" "
			       "\"$p/lib/libcoroutine.so.0.9\""));
	assert_true(run_ok(
		OWN MAKE "install PREFIX=\"$p\" && " MAKE
			 "uninstall PREFIX=\"$p\" && "
			 "test \"$(cd \"$p\" && find . | sort | tr '\\n' ' ')\""
			 " = '. ./include ./lib ./lib/pkgconfig '"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_files_are_enough),
		cmocka_unit_test(nothing_is_left_over_after_close),
		cmocka_unit_test(install_serves_pkg_config),
		cmocka_unit_test(uninstall_leaves_nothing),
		cmocka_unit_test(umask_and_blanks_do_no_harm),
		cmocka_unit_test(what_pkg_config_cannot_tell_is_refused),
		cmocka_unit_test(one_line_builds_a_server),
		cmocka_unit_test(one_line_builds_it_in_cxx),
		cmocka_unit_test(pkg_config_knows_the_line),
		cmocka_unit_test(every_header_stands_alone),
		cmocka_unit_test(every_header_stands_alone_in_cxx),
		cmocka_unit_test(nothing_else_is_given_out),
		cmocka_unit_test(what_is_built_is_not_built_again),
		cmocka_unit_test(uninstall_leaves_what_is_yours),
	};

	return cmocka_run_group_tests_name("install", tests, NULL, NULL) > 0;
}
