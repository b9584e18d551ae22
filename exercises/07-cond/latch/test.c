#include <stddef.h>

#include "check.h"
#include "latch.h"

#include "../../../lessons/07-cond/cond.c"
#include "../../../lessons/07-cond/parking.c"

enum { WAITERS = 3 };

static struct schedule *port;
static struct parking *quay;
static struct latch ship;
static int aboard; /* how many have come through the latch */

static void waits(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	if (latch_wait(&ship) == 0)
		aboard++;
}

/* The latch, with so many who have to come. */
static void make_latch(int count)
{
	port = coroutine_open();
	quay = parking_open(port);
	if (quay == NULL)
		check_fail("no schedule could be opened");
	ship.count = count;
	cond_init(&ship.opened, quay, "the crew");
}

static void close_port(void)
{
	coroutine_close(port);
	parking_close(quay);
}

static void waiters_come(int count)
{
	for (int i = 0; i < count; i++)
		coroutine_resume(port, coroutine_new(port, waits, NULL));
}

static void turns(int rounds)
{
	while (rounds-- > 0)
		for (int id = 0; id < WAITERS; id++)
			coroutine_resume(port, id);
}

static void opens_at_once(void)
{
	make_latch(0);
	waiters_come(1);
	check_int("who has come through a latch that was open", aboard, 1);
	close_port();
}

static void stays_shut(void)
{
	make_latch(3);
	waiters_come(1);
	turns(1);
	check_int("through, before anybody has come", aboard, 0);
	latch_down(&ship);
	turns(2);
	check_int("through, after one of three", aboard, 0);
	latch_down(&ship);
	turns(2);
	check_int("through, after two of three", aboard, 0);
	close_port();
}

static void opens_for_one(void)
{
	make_latch(2);
	waiters_come(1);
	latch_down(&ship);
	latch_down(&ship);
	turns(2);
	check_int("through, after two of two", aboard, 1);
	close_port();
}

static void opens_for_all(void)
{
	make_latch(1);
	waiters_come(WAITERS);
	latch_down(&ship);
	turns(2);
	check_int("through, of three who waited", aboard, WAITERS);
	close_port();
}

static void counts_alone(void)
{
	make_latch(2);
	latch_down(&ship);
	check_int("the count, after one of two", ship.count, 1);
	waiters_come(1);
	latch_down(&ship);
	turns(2);
	check_int("through, after two of two", aboard, 1);
	close_port();
}

static void stays_open(void)
{
	make_latch(1);
	waiters_come(1);
	latch_down(&ship);
	turns(2);
	waiters_come(1);
	check_int("through, the one who came late too", aboard, 2);
	close_port();
}

static void one_too_many(void)
{
	make_latch(1);
	latch_down(&ship);
	latch_down(&ship);
	check_int("the count, after two of one", ship.count, 0);
	waiters_come(1);
	check_int("through, after two of one", aboard, 1);
	close_port();
}

/* Outside of all coroutines there is nobody to put to sleep: EPERM. */
static void wait_fails(void)
{
	make_latch(1);
	check_int("a wait outside of all coroutines", latch_wait(&ship), -1);
	latch_down(&ship);
	check_int("a look at an open latch, from there", latch_wait(&ship), 0);
	close_port();
}

int main(void)
{
	static const struct check tests[] = {
		{ "an open latch lets everyone through at once", opens_at_once,
		  "look at the count before you wait" },
		{ "it is shut until the last one has come", stays_shut,
		  "a signal means look again; only latch_down counts" },
		{ "it opens with the last one", opens_for_one,
		  "count down first, and look for 0 then" },
		{ "it opens for all who wait", opens_for_all,
		  "a signal wakes one; who wakes all?" },
		{ "who comes before anybody waits counts too", counts_alone,
		  "the count does not depend on who waits" },
		{ "it stays open", stays_open,
		  "a latch opens once; nobody sets it back" },
		{ "one too many changes nothing", one_too_many,
		  "what does a count of -1 mean to who comes next?" },
		{ "a wait that fails says so", wait_fails,
		  "when cond_wait returns -1, return -1" },
	};

	return check_exercise("latch", tests, sizeof tests / sizeof *tests);
}
