/* A tiny exercise: what is wrong with a hostile answer shows in the first test,
 * and must not show in the second. */
#include "answer.h"
#include "check.h"

static void call(void *arg)
{
	int *result = arg;

	*result = answer();
}

static void the_answer(void)
{
	int result = 0;
	const char *output = check_output(call, &result);

	check_str("what it prints", output, "forty-two\n");
	check_int("the answer", result, 42);
}

static void another_test(void)
{
	check_int("an untouched test", 1, 1);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the answer is 42, and is printed", the_answer,
		  "Return 42 after printing it." },
		{ "another test goes on in peace", another_test,
		  "This test does not call the answer." },
	};

	return check_exercise("hostile", tests, 2);
}
