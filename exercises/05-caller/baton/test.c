#include <string.h>

#include "baton.h"
#include "check.h"

enum { RUNNERS = 3 };

struct runner {
	char letter;
	int legs;
};

static int ring[RUNNERS], ring_count;
static char order[64];      /* a letter for each leg, as they are run */
static int returned = 4711; /* by the pass that came back last */
static int status_of_first = -1;
static int turns;

static void note(char letter)
{
	size_t length = strlen(order);

	if (length + 1 < sizeof order)
		order[length] = letter;
}

/* Passes after each leg but the last; then it ends, which leads to main. */
static void run(struct schedule *S, void *ud)
{
	const struct runner *runner = ud;

	for (int leg = 1; leg <= runner->legs; leg++) {
		note(runner->letter);
		if (leg < runner->legs)
			returned = pass(S, ring, ring_count);
	}
}

/* The other one has had no turn. */
static _Noreturn void nobody_ran(void)
{
	if (returned == 4711)
		check_fail("a passed, and b has not run");
	check_fail("a passed, and pass returned %d", returned);
}

static void look_at_first(struct schedule *S, void *ud)
{
	(void)ud;
	status_of_first = coroutine_status(S, ring[0]);
}

static struct schedule *open_schedule(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		check_fail("no schedule could be opened");
	return S;
}

/* A ring of a, b, c with this many legs each. */
static struct schedule *open_ring(const int legs[], int count)
{
	static struct runner runners[RUNNERS];
	struct schedule *S = open_schedule();

	for (int i = 0; i < count; i++) {
		runners[i].letter = (char)('a' + i);
		runners[i].legs = legs[i];
		ring[i] = coroutine_new(S, run, &runners[i]);
	}
	ring_count = count;
	return S;
}

static void next_runs(void)
{
	struct schedule *S = open_ring((const int[]){ 2, 1 }, 2);

	coroutine_resume(S, ring[0]);
	if (strchr(order, 'b') == NULL)
		nobody_ran();
	coroutine_close(S);
}

static void steps_aside(void)
{
	static struct runner a = { 'a', 2 };
	struct schedule *S = open_schedule();

	ring_count = 2;
	ring[0] = coroutine_new(S, run, &a);
	ring[1] = coroutine_new(S, look_at_first, NULL);
	coroutine_resume(S, ring[0]);
	if (status_of_first == -1)
		nobody_ran();
	check_str("the one that passed is",
		  coroutine_status_name(status_of_first), "SUSPEND");
	coroutine_close(S);
}

static void wraps(void)
{
	struct schedule *S = open_ring((const int[]){ 2, 2 }, 2);

	coroutine_resume(S, ring[0]);
	check_str("the order of the legs", order, "aba");
	check_int("what pass returned to a", returned, 0);
	coroutine_close(S);
}

static void follows_the_list(void)
{
	struct schedule *S = open_ring((const int[]){ 1, 2, 2 }, 3);
	int first = ring[2];

	ring[2] = ring[0];
	ring[0] = first;
	coroutine_resume(S, first);
	check_str("the order of the legs in the list c, b, a", order, "cba");
	coroutine_close(S);
}

static void passes_over(void)
{
	struct schedule *S = open_ring((const int[]){ 2, 1, 1 }, 3);

	coroutine_resume(S, ring[1]);
	coroutine_resume(S, ring[0]);
	check_str("first b alone; then a, and who is next", order, "bac");
	coroutine_close(S);
}

static void keeps(void)
{
	struct schedule *S = open_ring((const int[]){ 2, 1 }, 2);

	coroutine_resume(S, ring[1]);
	coroutine_resume(S, ring[0]);
	check_str("first b alone; then a, to its end", order, "baa");
	check_int("what pass returned to a", returned, -1);
	coroutine_close(S);
}

static void count_turns(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)ud;
	(void)S;
	(void)id;
	(void)from;
	turns += to == COROUTINE_RUNNING;
}

static void one_turn(void)
{
	struct schedule *S = open_ring((const int[]){ 2, 2, 2 }, 3);

	coroutine_trace(S, count_turns, NULL);
	coroutine_resume(S, ring[0]);
	check_str("the order of the legs", order, "abca");
	check_int("turns, one for each leg", turns, 4);
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the next one runs", next_runs,
		  "the next one may be READY; a yield would go to main" },
		{ "who passes has stepped aside", steps_aside,
		  "after a resume you are NORMAL and wait: use transfer" },
		{ "after the last one comes the first", wraps,
		  "the place after the last one is 0: % count" },
		{ "the order is that of the list", follows_the_list,
		  "find your place: ids[me] == coroutine_running(S)" },
		{ "who has ended is passed over", passes_over,
		  "a transfer that returns -1 was none: try the next one" },
		{ "the last one left keeps the baton", keeps,
		  "when each transfer was refused, return -1" },
		{ "one pass is one turn", one_turn,
		  "when transfer returns 0 the baton is back: return" },
	};

	return check_exercise("baton", tests, sizeof tests / sizeof *tests);
}
