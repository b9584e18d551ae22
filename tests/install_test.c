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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_files_are_enough),
		cmocka_unit_test(nothing_is_left_over_after_close),
		cmocka_unit_test(install_serves_pkg_config),
		cmocka_unit_test(uninstall_leaves_nothing),
	};

	return cmocka_run_group_tests_name("install", tests, NULL, NULL) > 0;
}
