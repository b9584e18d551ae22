#include "check.h"
#include "merge.h"

#include <stdio.h>

/* A source: its number changes at every resume, also when it ends. */
struct source {
	int count;
	int numbers[8];
	int number, asked;
};

static void source(struct schedule *S, void *ud)
{
	struct source *s = ud;

	for (int i = 0; i < s->count; i++) {
		s->asked++;
		s->number = s->numbers[i];
		coroutine_yield_with(S, &s->number);
	}
	s->asked++;
	s->number = -1;
}

/* A merge over two sources, ready to be resumed. */
static int over(struct schedule *S, struct merge *m, struct source *left,
		struct source *right)
{
	m->left = coroutine_new(S, source, left);
	m->right = coroutine_new(S, source, right);
	return coroutine_new(S, merge, m);
}

/* At most `most` numbers of a merge, as text. */
static const char *numbers(struct schedule *S, int id, int most)
{
	static char text[256];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < most; i++) {
		if (coroutine_resume(S, id) != COROUTINE_SUSPEND)
			break;
		const int *n = coroutine_value(S);

		if (n == NULL)
			check_fail("NULL came out after \"%s\"", text);
		else
			used += (size_t)snprintf(text + used,
						 sizeof(text) - used, "%s%d",
						 i == 0 ? "" : " ", *n);
	}
	return text;
}

static void order(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 4, { 1, 2, 6, 7 }, 0, 0 },
		      b = { 4, { 3, 4, 5, 8 }, 0, 0 };
	struct merge m;
	int id = over(S, &m, &a, &b);

	check_str("the first six of 1 2 6 7 and 3 4 5 8", numbers(S, id, 6),
		  "1 2 3 4 5 6");
	coroutine_close(S);
}

static void rest(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 1, { 1 }, 0, 0 }, b = { 3, { 2, 3, 4 }, 0, 0 };
	struct source c = { 3, { 1, 3, 4 }, 0, 0 }, d = { 1, { 2 }, 0, 0 };
	struct merge m, n;
	int id = over(S, &m, &a, &b);

	check_str("the first four of 1 and 2 3 4", numbers(S, id, 4),
		  "1 2 3 4");
	id = over(S, &n, &c, &d);
	check_str("the first four of 1 3 4 and 2", numbers(S, id, 4),
		  "1 2 3 4");
	coroutine_close(S);
}

static void ties(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 3, { 1, 2, 4 }, 0, 0 },
		      b = { 3, { 2, 3, 4 }, 0, 0 };
	struct merge m;
	int id = over(S, &m, &a, &b);

	check_str("the first six of 1 2 4 and 2 3 4", numbers(S, id, 6),
		  "1 2 2 3 4 4");
	coroutine_close(S);
}

static void empty(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 0, { 0 }, 0, 0 }, b = { 2, { 1, 2 }, 0, 0 };
	struct source c = { 2, { 1, 2 }, 0, 0 }, d = { 0, { 0 }, 0, 0 };
	struct merge m, n;
	int id = over(S, &m, &a, &b);

	check_str("the first two of nothing and 1 2", numbers(S, id, 2), "1 2");
	id = over(S, &n, &c, &d);
	check_str("the first two of 1 2 and nothing", numbers(S, id, 2), "1 2");
	coroutine_close(S);
}

static void ends(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 1, { 1 }, 0, 0 }, b = { 1, { 2 }, 0, 0 };
	struct merge m;
	int id = over(S, &m, &a, &b);

	numbers(S, id, 2);
	check_str("what the third resume of two numbers returned",
		  coroutine_status_name(coroutine_resume(S, id)), "DEAD");
	coroutine_close(S);
}

static void lazy(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 3, { 1, 2, 3 }, 0, 0 },
		      b = { 3, { 4, 5, 6 }, 0, 0 };
	struct merge m;
	int id = over(S, &m, &a, &b);

	numbers(S, id, 1);
	check_int("resumes of the left source for the first number", a.asked,
		  1);
	check_int("resumes of the right source for the first number", b.asked,
		  1);
	coroutine_close(S);
}

static void apart(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 2, { 1, 3 }, 0, 0 }, b = { 2, { 2, 4 }, 0, 0 };
	struct source c = { 2, { 10, 30 }, 0, 0 }, d = { 2, { 20, 40 }, 0, 0 };
	struct merge m, n;
	int low = over(S, &m, &a, &b), high = over(S, &n, &c, &d);

	check_str("the low merge's first", numbers(S, low, 1), "1");
	check_str("the high merge's first", numbers(S, high, 1), "10");
	check_str("the low merge's next three", numbers(S, low, 3), "2 3 4");
	check_str("the high merge's next three", numbers(S, high, 3),
		  "20 30 40");
	coroutine_close(S);
}

static void nested(void)
{
	struct schedule *S = coroutine_open();
	struct source a = { 2, { 1, 4 }, 0, 0 }, b = { 2, { 2, 5 }, 0, 0 };
	struct source c = { 2, { 3, 6 }, 0, 0 };
	struct merge inner, outer;
	int id = over(S, &inner, &a, &b);

	outer.left = id;
	outer.right = coroutine_new(S, source, &c);
	id = coroutine_new(S, merge, &outer);
	check_str("(1 4 and 2 5) and 3 6", numbers(S, id, 6), "1 2 3 4 5 6");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the smaller number comes first", order,
		  "read each value at once, and yield before you take the "
		  "next" },
		{ "the rest of the longer source comes too", rest,
		  "when one source has ended, the other goes on alone" },
		{ "equal numbers both come", ties,
		  "one number goes out for each yield, the other one waits" },
		{ "a source may be empty from the start", empty,
		  "also the first resume of a source may return DEAD" },
		{ "it ends when both have ended", ends,
		  "after the last number, return; no yield after it" },
		{ "a source is asked only when its number is gone", lazy,
		  "hold one number of each source, not all of them" },
		{ "two merges in turn do not mix", apart,
		  "a static variable is one for all coroutines" },
		{ "a merge can be the source of a merge", nested,
		  "hand on the source's pointer, not one to your own local" },
	};

	return check_exercise("merge", tests, sizeof(tests) / sizeof(tests[0]));
}
