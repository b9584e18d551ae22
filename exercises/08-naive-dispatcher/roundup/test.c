#include <string.h>

#include "check.h"
#include "roundup.h"

static struct roster roster;
static char order[64]; /* a letter for each turn, as they come */

struct guest {
	char letter;
	int turns;
	int brings; /* how many others it brings along in its first turn */
	int helps;  /* an id that it resumes in its first turn; -1: none */
};

static void note(char letter)
{
	size_t length = strlen(order);

	if (length + 1 < sizeof order)
		order[length] = letter;
}

static void newcomer(struct schedule *S, void *ud)
{
	(void)ud;
	for (int turn = 0; turn < 2; turn++) {
		note('n');
		coroutine_yield(S);
	}
}

static void guest(struct schedule *S, void *ud)
{
	const struct guest *me = ud;

	for (int i = 0; i < me->brings; i++)
		roster.ids[roster.count++] = coroutine_new(S, newcomer, NULL);
	if (me->helps != -1)
		coroutine_resume(S, me->helps);
	for (int turn = 1; turn <= me->turns; turn++) {
		note(me->letter);
		if (turn < me->turns)
			coroutine_yield(S);
	}
}

static struct schedule *open_schedule(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		check_fail("no schedule could be opened");
	return S;
}

/* Makes a, b, c, ... with so many turns each; the first brings others. */
static struct schedule *come(const int turns[], int count, int brings)
{
	static struct guest guests[6];
	struct schedule *S = open_schedule();

	for (int i = 0; i < count; i++) {
		guests[i] = (struct guest){ (char)('a' + i), turns[i],
					    i == 0 ? brings : 0, -1 };
		roster.ids[i] = coroutine_new(S, guest, &guests[i]);
	}
	roster.count = count;
	return S;
}

static void one_turn_each(void)
{
	struct schedule *S = come((const int[]){ 3, 3, 3 }, 3, 0);

	roundup(S, &roster);
	check_str("the turns of one round", order, "abc");
	roundup(S, &roster);
	check_str("the turns of two rounds", order, "abcabc");
	coroutine_close(S);
}

static void nobody_skipped(void)
{
	struct schedule *S = come((const int[]){ 1, 2, 1, 1, 2 }, 5, 0);

	roundup(S, &roster);
	check_str("the turns of a round in which three end", order, "abcde");
	coroutine_close(S);
}

static void dead_are_out(void)
{
	struct schedule *S = come((const int[]){ 2, 1, 3, 1 }, 4, 0);

	check_int("left after the first round", roundup(S, &roster), 2);
	check_int("the count of the roster", roster.count, 2);
	check_int("left after the second round", roundup(S, &roster), 1);
	check_int("left after the third round", roundup(S, &roster), 0);
	check_int("left of an empty roster", roundup(S, &roster), 0);
	coroutine_close(S);
}

static void order_stays(void)
{
	struct schedule *S = come((const int[]){ 1, 3, 3, 3 }, 4, 0);

	roundup(S, &roster);
	roundup(S, &roster);
	check_str("the turns of two rounds", order, "abcdbcd");
	coroutine_close(S);
}

static void newcomers_wait(void)
{
	struct schedule *S = come((const int[]){ 3, 3 }, 2, 2);

	roundup(S, &roster);
	check_str("the turns of the round in which two come", order, "ab");
	coroutine_close(S);
}

static void newcomers_stay(void)
{
	struct schedule *S = come((const int[]){ 1, 3 }, 2, 2);

	check_int("left, with the two who came", roundup(S, &roster), 3);
	check_int("left after the next round", roundup(S, &roster), 3);
	check_str("the turns of two rounds", order, "abbnn");
	coroutine_close(S);
}

/* a has yielded already when b, in its own turn, resumes it to its end. */
static void ended_by_another(void)
{
	static struct guest a = { 'a', 2, 0, -1 }, b = { 'b', 3, 0, -1 };
	struct schedule *S = open_schedule();

	roster.ids[0] = b.helps = coroutine_new(S, guest, &a);
	roster.ids[1] = coroutine_new(S, guest, &b);
	roster.count = 2;
	check_int("left, after b has resumed a to its end", roundup(S, &roster),
		  1);
	check_true("b, who is not DEAD, is in the roster",
		   coroutine_status(S, roster.ids[0]) == COROUTINE_SUSPEND);
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "everyone has one turn in a round", one_turn_each,
		  "one resume for each, in the order of the roster" },
		{ "one that ends costs nobody a turn", nobody_skipped,
		  "when one is struck out, the one behind moves up: who is "
		  "next?" },
		{ "the dead are struck out", dead_are_out,
		  "write those who stay to the front, and count them" },
		{ "the others keep their order", order_stays,
		  "the last one must not be put where a gap is" },
		{ "who comes during a round waits for the next", newcomers_wait,
		  "note the count before the round begins" },
		{ "who comes during a round is not lost", newcomers_stay,
		  "those behind the noted count stay in the roster, too" },
		{ "who was ended by another is struck out", ended_by_another,
		  "who is DEAD is known when all have had their turns" },
	};

	return check_exercise("roundup", tests, sizeof tests / sizeof *tests);
}
