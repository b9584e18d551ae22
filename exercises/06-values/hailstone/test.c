#include "check.h"
#include "hailstone.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 200 };

/* One resume: the number; NULL where the flight has ended. */
static const int *ask(struct schedule *S, int id)
{
	if (coroutine_resume(S, id) != COROUTINE_SUSPEND)
		return NULL;
	if (coroutine_value(S) == NULL)
		check_fail("a resume brought NULL instead of a number");
	return coroutine_value(S);
}

/* One resume that must bring a number. */
static const int *must(struct schedule *S, int id, const char *what)
{
	const int *n = ask(S, id);

	if (n == NULL)
		check_fail("%s: the flight has ended too early", what);
	return n;
}

/* The whole flight as text, at most MANY numbers of it. */
static void fly(struct schedule *S, struct hailstone *h, char *text,
		size_t size)
{
	int id = coroutine_new(S, hailstone, h);
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < MANY && used < size; i++) {
		const int *n = ask(S, id);

		if (n == NULL)
			return;
		used += (size_t)snprintf(text + used, size - used, "%s%d",
					 i == 0 ? "" : " ", *n);
	}
}

static void first(void)
{
	struct schedule *S = coroutine_open();
	struct hailstone h = { 6, 0 };
	int id = coroutine_new(S, hailstone, &h);

	check_int("the first number of the flight from 6",
		  *must(S, id, "the first resume"), 6);

	coroutine_close(S);
}

static void rule(void)
{
	static const int wanted[] = { 6, 3, 10, 5, 16, 8, 4, 2 };
	struct schedule *S = coroutine_open();
	struct hailstone h = { 6, 0 };
	int id = coroutine_new(S, hailstone, &h);

	for (int i = 0; i < 8; i++) {
		char what[64];

		snprintf(what, sizeof(what), "number %d of the flight from 6",
			 i + 1);
		check_int(what, *must(S, id, what), wanted[i]);
	}
	coroutine_close(S);
}

static void last(void)
{
	struct schedule *S = coroutine_open();
	struct hailstone h = { 4, 0 };
	int id = coroutine_new(S, hailstone, &h);

	must(S, id, "the first number of the flight from 4");
	must(S, id, "the second number of the flight from 4");
	check_int("the third number of the flight from 4",
		  *must(S, id, "the third number of the flight from 4"), 1);
	check_str("what the fourth resume returned",
		  coroutine_status_name(coroutine_resume(S, id)), "DEAD");
	coroutine_close(S);
}

static void shortest(void)
{
	struct schedule *S = coroutine_open();
	struct hailstone h = { 1, 0 };
	char text[64];

	fly(S, &h, text, sizeof(text));
	check_str("the flight from 1", text, "1");
	coroutine_close(S);
}

static void apart(void)
{
	static const int six[] = { 6, 3, 10, 5 }, seven[] = { 7, 22, 11, 34 };
	struct schedule *S = coroutine_open();
	struct hailstone h6 = { 6, 0 }, h7 = { 7, 0 };
	int a = coroutine_new(S, hailstone, &h6);
	int b = coroutine_new(S, hailstone, &h7);

	for (int i = 0; i < 4; i++) {
		check_int("the flight from 6, in turn with 7",
			  *must(S, a, "the flight from 6"), six[i]);
		check_int("the flight from 7, in turn with 6",
			  *must(S, b, "the flight from 7"), seven[i]);
	}
	coroutine_close(S);
}

static void stays(void)
{
	struct schedule *S = coroutine_open();
	struct hailstone h6 = { 6, 0 }, h27 = { 27, 0 };
	int a = coroutine_new(S, hailstone, &h6);
	int b = coroutine_new(S, hailstone, &h27);
	const int *n = must(S, a, "the first number of 6");

	check_int("the number of 6, read at once", *n, 6);
	must(S, b, "the first number of 27");
	check_int("the number of 6, read after 27 ran", *n, 6);
	coroutine_close(S);
}

static void again(void)
{
	struct schedule *S = coroutine_open();
	struct hailstone h = { 6, 0 };
	char text[256];

	fly(S, &h, text, sizeof(text));
	check_int("the start, after the flight", h.start, 6);
	fly(S, &h, text, sizeof(text));
	check_str("a second flight of the same struct", text,
		  "6 3 10 5 16 8 4 2 1");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the first number is the start", first,
		  "the start is a number too: yield before you compute" },
		{ "each number follows from the one before", rule,
		  "even: n / 2; odd: 3 * n + 1; one yield for each number" },
		{ "1 is the last number, then the flight ends", last,
		  "yield the 1 as well, then return; no yield after it" },
		{ "a flight from 1 is one number long", shortest,
		  "look at the end before you compute the next number" },
		{ "two flights in turn keep their numbers apart", apart,
		  "a static variable is one for all coroutines" },
		{ "a number stays while another flight runs", stays,
		  "your locals are copied out: hand out memory of the struct" },
		{ "the same start can fly twice", again,
		  "count in h->number, leave h->start alone" },
	};

	return check_exercise("hailstone", tests,
			      sizeof(tests) / sizeof(tests[0]));
}
