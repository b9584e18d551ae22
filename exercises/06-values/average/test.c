#include "average.h"
#include "check.h"

#include <stdio.h>

/* Hands in a number; the answer must come. */
static const double *ask(struct schedule *S, int id, int *number)
{
	if (coroutine_resume_with(S, id, number) != COROUTINE_SUSPEND)
		check_fail("the averager ended when %d came in", *number);
	if (coroutine_value(S) == NULL)
		check_fail("no answer came out when %d went in", *number);
	return coroutine_value(S);
}

static void equal(const char *what, const double *got, double wanted)
{
	char have[32], want[32];

	snprintf(have, sizeof(have), "%.3f", *got);
	snprintf(want, sizeof(want), "%.3f", wanted);
	check_str(what, have, want);
}

static void first(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int number = 10;

	equal("the average of 10", ask(S, id, &number), 10);
	coroutine_close(S);
}

static void mean(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int numbers[] = { 10, 20, 60, 10 };

	ask(S, id, &numbers[0]);
	equal("the average of 10 20", ask(S, id, &numbers[1]), 15);
	equal("the average of 10 20 60", ask(S, id, &numbers[2]), 30);
	equal("the average of 10 20 60 10", ask(S, id, &numbers[3]), 25);
	coroutine_close(S);
}

static void fraction(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int numbers[] = { 1, 2 };

	ask(S, id, &numbers[0]);
	equal("the average of 1 2", ask(S, id, &numbers[1]), 1.5);
	coroutine_close(S);
}

static void zero(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int numbers[] = { 4, 0 };

	ask(S, id, &numbers[0]);
	equal("the average of 4 0", ask(S, id, &numbers[1]), 2);
	coroutine_close(S);
}

static void one_variable(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int number = 10;

	ask(S, id, &number);
	number = 20;
	equal("the average of 10 20, both in one variable", ask(S, id, &number),
	      15);
	coroutine_close(S);
}

static void ends(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 };
	int id = coroutine_new(S, average, &a);
	int number = 10;

	ask(S, id, &number);
	check_str("what the resume with NULL returned",
		  coroutine_status_name(coroutine_resume(S, id)), "DEAD");
	coroutine_close(S);
}

static void apart(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 }, b = { 0 };
	int ida = coroutine_new(S, average, &a);
	int idb = coroutine_new(S, average, &b);
	int numbers[] = { 10, 20, 500, 700 };

	equal("A's average of 10", ask(S, ida, &numbers[0]), 10);
	equal("B's average of 500", ask(S, idb, &numbers[2]), 500);
	equal("A's average of 10 20", ask(S, ida, &numbers[1]), 15);
	equal("B's average of 500 700", ask(S, idb, &numbers[3]), 600);
	coroutine_close(S);
}

static void stays(void)
{
	struct schedule *S = coroutine_open();
	struct average a = { 0 }, b = { 0 };
	int ida = coroutine_new(S, average, &a);
	int idb = coroutine_new(S, average, &b);
	int numbers[] = { 10, 500 };
	const double *answer = ask(S, ida, &numbers[0]);

	ask(S, idb, &numbers[1]);
	equal("A's average of 10, read after B answered", answer, 10);
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the first number counts", first,
		  "it waits in coroutine_value when your first line runs" },
		{ "each answer is the average of all so far", mean,
		  "a new number waits in coroutine_value after each yield" },
		{ "the average keeps its fraction", fraction,
		  "int / int rounds down: make the sum a double" },
		{ "a zero is a number", zero,
		  "the pointer tells the end, not the number it points to" },
		{ "the numbers may all come in one variable", one_variable,
		  "take the int out at once: it is the caller's, and changes" },
		{ "a NULL ends it", ends,
		  "test the pointer before you read through it; then return" },
		{ "two averagers in turn do not mix", apart,
		  "a static variable is one for all coroutines" },
		{ "an answer stays while another averager runs", stays,
		  "your locals are copied out: answer in a->answer" },
	};

	return check_exercise("average", tests,
			      sizeof(tests) / sizeof(tests[0]));
}
