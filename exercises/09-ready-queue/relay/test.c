#include <string.h>

#include "check.h"
#include "relay.h"

/* The mechanism itself, so that the exercise links without another file. */
#include "lessons/09-ready-queue/dispatcher.c"
#include "lessons/09-ready-queue/waiter.c"

enum { LEGS = 4 };

static struct leg legs[LEGS];
static char order[64]; /* < when a leg begins, > when it is over */
static int turns;      /* how often a leg steps aside */
static int first_id;
static int first_state; /* of the first runner, while the last one runs */

void run_leg(struct dispatcher *D, struct leg *leg)
{
	order[strlen(order)] = '<';
	for (int turn = 0; turn < turns; turn++)
		dispatcher_yield(D);
	if (leg->next == NULL)
		first_state = dispatcher_status(D, first_id);
	order[strlen(order)] = '>';
}

/* 100 metres, 200, 400, 800. */
static void lay_out(int count)
{
	memset(order, 0, sizeof order);
	for (int i = 0; i < count; i++) {
		legs[i].metres = 100 << i;
		legs[i].total = 0;
		legs[i].next = i + 1 < count ? &legs[i + 1] : NULL;
	}
}

static struct dispatcher *open_with(int slots)
{
	const struct coroutine_options options = { slots, 0, 0 };
	struct dispatcher *D = dispatcher_open(&options);

	if (D == NULL)
		check_fail("no dispatcher could be opened");
	return D;
}

/* Writes over the whole top of the shared stack. */
static void scribble(struct schedule *S, void *ud)
{
	volatile char bytes[8192];

	(void)S;
	(void)ud;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = 0x5a;
}

/* Runs a relay of `count` legs; returns the result of the first runner. */
static long *race(struct dispatcher *D, int count)
{
	void *result = NULL;

	lay_out(count);
	first_id = dispatcher_spawn(D, "first", runner, &legs[0]);
	if (first_id == -1)
		check_fail("no slot is left for the first runner");
	dispatcher_run(D);
	coroutine_resume(dispatcher_schedule(D),
			 coroutine_new(dispatcher_schedule(D), scribble, NULL));
	if (dispatcher_status(D, first_id) == DISPATCHER_ENDED)
		dispatcher_join(D, first_id, &result);
	return result;
}

static void check_race(struct dispatcher *D, int count)
{
	long *result = race(D, count);

	check_true("a result of the first runner, not NULL", result != NULL);
	check_int("metres in all", *result, 100 * ((1 << count) - 1));
}

static void outlives(void)
{
	struct dispatcher *D = open_with(8);

	check_race(D, 1);
	dispatcher_close(D);
}

static void adds_up(void)
{
	struct dispatcher *D = open_with(8);

	check_race(D, 2);
	dispatcher_close(D);
}

static void after_the_leg(void)
{
	struct dispatcher *D = open_with(8);

	turns = 1;
	race(D, 2);
	check_str("< a leg begins, > it is over", order, "<><>");
	dispatcher_close(D);
}

static void waits(void)
{
	struct dispatcher *D = open_with(8);

	turns = 5;
	check_race(D, 3);
	dispatcher_close(D);
}

static void gives_back(void)
{
	struct dispatcher *D = open_with(5);

	for (int i = 0; i < 20; i++)
		check_race(D, 3);
	dispatcher_close(D);
}

static void cannot_spawn(void)
{
	struct dispatcher *D = open_with(3);

	check_true("NULL, when only two of three can be spawned",
		   dispatcher_spawn(D, "x", runner, &legs[3]) != -1 &&
			   race(D, 3) == NULL);
	dispatcher_close(D);
}

static void is_parked_meanwhile(void)
{
	struct dispatcher *D = open_with(8);

	turns = 3;
	race(D, 2);
	check_str("the first runner, while the second one runs",
		  dispatcher_status_name(first_state), "ON_JOIN");
	dispatcher_close(D);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the result is good after the runner's end", outlives,
		  "a local is gone by then: keep the total in the leg" },
		{ "the legs of two runners are added up", adds_up,
		  "what a runner returns is its own leg and all behind it" },
		{ "the next one starts when the leg is over", after_the_leg,
		  "run_leg may suspend, and whoever is spawned runs then" },
		{ "a slow runner is waited for", waits,
		  "only a join knows when the other one has ended" },
		{ "every slot is given back", gives_back,
		  "a slot is taken until somebody joins or detaches" },
		{ "when a runner cannot be spawned the result is NULL",
		  cannot_spawn, "look at what dispatcher_spawn returns" },
		{ "who waits is parked, and takes no turn", is_parked_meanwhile,
		  "do not ask again and again: join" },
	};

	return check_exercise("relay", tests, sizeof tests / sizeof *tests);
}
