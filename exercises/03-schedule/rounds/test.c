#include <string.h>

#include "check.h"
#include "rounds.h"

struct runner {
	char letter;
	int turns;
};

static char order[64]; /* a letter for each turn, as they come */

static void note(char letter)
{
	size_t length = strlen(order);

	if (length + 1 < sizeof order)
		order[length] = letter;
}

/* Its last turn is the one in which it returns. */
static void run(struct schedule *S, void *ud)
{
	const struct runner *runner = ud;

	for (int turn = 1; turn <= runner->turns; turn++) {
		note(runner->letter);
		if (turn < runner->turns)
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

/* Makes a, b, c, ...; the one at i has turns[i] turns. Returns the total that
 * rounds() returns. */
static int run_all(const int turns[], int count)
{
	static struct runner runners[4];
	int ids[4];
	struct schedule *S = open_schedule();

	for (int i = 0; i < count; i++) {
		runners[i].letter = (char)('a' + i);
		runners[i].turns = turns[i];
		ids[i] = coroutine_new(S, run, &runners[i]);
	}
	int given = rounds(S, ids, count);
	coroutine_close(S);
	return given;
}

static void starts_all(void)
{
	run_all((const int[]){ 1, 1, 1 }, 3);
	check_str("who got a turn", order, "abc");
}

static void runs_to_the_end(void)
{
	run_all((const int[]){ 7 }, 1);
	check_str("its seven turns", order, "aaaaaaa");
}

static void goes_round(void)
{
	run_all((const int[]){ 2, 2, 2 }, 3);
	check_str("the order of the turns", order, "abcabc");
}

static void unequal_turns(void)
{
	run_all((const int[]){ 1, 3, 2 }, 3);
	check_str("the order of the turns", order, "abcbcb");
}

static void takes_ids(void)
{
	struct runner a = { 'a', 2 }, b = { 'b', 2 }, c = { 'c', 2 };
	struct schedule *S = open_schedule();
	int ids[2];

	ids[1] = coroutine_new(S, run, &a);
	coroutine_new(S, run, &b);
	ids[0] = coroutine_new(S, run, &c);
	rounds(S, ids, 2);
	check_str("the turns of c and a", order, "caca");
	coroutine_close(S);
}

static void counts_turns(void)
{
	int turns = run_all((const int[]){ 1, 3, 2 }, 3);

	check_int("turns of three coroutines, 1 + 3 + 2", turns, 6);
}

static int turns_inside;

static void calls_rounds(struct schedule *S, void *ud)
{
	struct runner *other = ud;
	int ids[3];

	ids[0] = coroutine_running(S);
	ids[1] = 4711; /* never issued */
	ids[2] = coroutine_new(S, run, other);
	turns_inside = rounds(S, ids, 3);
}

static void comes_back(void)
{
	static struct runner other = { 'o', 2 };
	struct schedule *S = open_schedule();

	coroutine_resume(S, coroutine_new(S, calls_rounds, &other));
	check_str("the turns of the other one", order, "oo");
	check_int("turns given", turns_inside, 2);
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "every coroutine of the list is started", starts_all,
		  "A new one is READY, not SUSPEND; is the last one missing?" },
		{ "a coroutine runs to its end", runs_to_the_end,
		  "How many turns it takes, only the coroutine knows." },
		{ "the turns go round", goes_round,
		  "One resume for each, then the next round." },
		{ "one that has ended does not stop the others", unequal_turns,
		  "Go on as long as any of them got a turn." },
		{ "the ids are those in the list", takes_ids,
		  "ids[i] is a coroutine; i is only its place in the list." },
		{ "it returns how many turns it gave", counts_turns,
		  "A resume that returns -1 gave no turn; DEAD is 0." },
		{ "it comes back when nobody can be resumed", comes_back,
		  "The one that calls rounds is in the list: -1, EBUSY." },
	};

	return check_exercise("rounds", tests, sizeof tests / sizeof *tests);
}
