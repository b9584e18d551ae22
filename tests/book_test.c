/* The texts, the pictures and the book, as they stand: that they say what the code
 * does. That these checks find what they are for is in copies_test.c. */
#define _DEFAULT_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "run.h"

enum { SECONDS = 900, NOT_TESTED = 77 };

static void must_pass(const char *command)
{
	struct run said;
	int status;

	assert_int_equal(run_command(&said, SECONDS, "%s", command), 0);
	status = WIFEXITED(said.status) ? WEXITSTATUS(said.status) : -1;
	if (status != 0)
		print_message("%s\n", said.out);
	free(said.out);
	if (status == NOT_TESTED)
		skip();
	if (status != 0)
		fail_msg("%s", command);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_say_what_the_programs_do),
		cmocka_unit_test(pictures_show_what_the_code_does),
		cmocka_unit_test(the_book_is_made_without_a_warning),
		cmocka_unit_test(no_link_is_dead),
	};

	return cmocka_run_group_tests_name("book", tests, NULL, NULL) > 0;
}
