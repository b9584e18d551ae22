#include <errno.h>
#include <stddef.h>

#include "check.h"
#include "tally.h"

#include "../../../lessons/07-cond/cond.c"
#include "../../../lessons/07-cond/parking.c"

enum { PEOPLE = 8 };

static struct schedule *shop;
static struct parking *chairs;
static struct cond bell;
static int ids[PEOPLE], people, ended;
static struct tally counts;

static void open_shop(void)
{
	shop = coroutine_open();
	chairs = parking_open(shop);
	if (chairs == NULL)
		check_fail("no schedule could be opened");
	cond_init(&bell, chairs, "the bell");
}

static void close_shop(void)
{
	coroutine_close(shop);
	parking_close(chairs);
}

static void comes(coroutine_func func, void *ud)
{
	ids[people++] = coroutine_new(shop, func, ud);
}

static void worker(struct schedule *S, void *ud)
{
	const int *turns = ud;

	for (int turn = 1; turn < *turns; turn++)
		coroutine_yield(S);
	ended++;
}

static void sleeper(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	if (cond_wait(&bell) == 0)
		ended++;
}

/* Signals in its last turn. */
static void ringer(struct schedule *S, void *ud)
{
	const int *turns = ud;

	for (int turn = 1; turn < *turns; turn++)
		coroutine_yield(S);
	cond_signal(&bell);
	ended++;
}

static int two = 2, three = 3, five = 5;

static int run(void)
{
	counts.useful = counts.wasted = 1000; /* whatever was there before */
	return tally(shop, chairs, ids, people, &counts);
}

static void all_end(void)
{
	open_shop();
	comes(worker, &two);
	comes(worker, &five);
	comes(worker, &three);
	check_int("what it returns", run(), 0);
	check_int("who has ended, of three", ended, 3);
	close_shop();
}

static void yields_are_useful(void)
{
	open_shop();
	comes(worker, &three);
	comes(worker, &five);
	run();
	check_int("useful resumes, 3 turns and 5 turns", counts.useful, 8);
	check_int("wasted resumes", counts.wasted, 0);
	close_shop();
}

/* The sleeper starts, looks in vain twice, and goes on. */
static void looks_are_wasted(void)
{
	open_shop();
	comes(sleeper, NULL);
	comes(ringer, &three);
	check_int("what it returns", run(), 0);
	check_int("wasted resumes of one that waits for three rounds",
		  counts.wasted, 2);
	check_int("useful resumes, 2 of it and 3 of the other", counts.useful,
		  5);
	close_shop();
}

static void nobody_goes_on(void)
{
	open_shop();
	comes(sleeper, NULL);
	comes(sleeper, NULL);
	errno = 0;
	check_int("what it returns when all wait", run(), -1);
	check_int("errno", errno, EDEADLK);
	check_int("useful resumes: the two starts", counts.useful, 2);
	check_int("wasted resumes of the round in which all wait",
		  counts.wasted, 2);
	close_shop();
}

/* Two have ended when the third waits for ever: it alone is resumed then. */
static void dead_do_not_count(void)
{
	open_shop();
	comes(worker, &two);
	comes(sleeper, NULL);
	comes(worker, &three);
	check_int("what it returns when the one who is left waits", run(), -1);
	check_int("who has ended, of three", ended, 2);
	check_int("useful resumes, 2 and 1 and 3 turns", counts.useful, 6);
	check_int("wasted resumes, until the round in which all are",
		  counts.wasted, 3);
	close_shop();
}

/* Called a second time, when somebody outside has rung the bell. */
static void goes_on_later(void)
{
	open_shop();
	comes(sleeper, NULL);
	comes(sleeper, NULL);
	run();
	cond_signal(&bell);
	cond_signal(&bell);
	check_int("what the second call returns", run(), 0);
	check_int("useful resumes of the second call", counts.useful, 2);
	check_int("wasted resumes of the second call", counts.wasted, 0);
	close_shop();
}

int main(void)
{
	static const struct check tests[] = {
		{ "it runs all to their ends", all_end,
		  "go on as long as any resume is not refused" },
		{ "a turn is useful, a refused resume is nothing",
		  yields_are_useful, "-1 was no turn; DEAD is 0, and was one" },
		{ "a look in vain is wasted", looks_are_wasted,
		  "parking_vain tells; one wasted resume is no deadlock yet" },
		{ "a round of looks in vain is a deadlock", nobody_goes_on,
		  "when as many were wasted as were made, nobody can go on" },
		{ "those who have ended are not asked", dead_do_not_count,
		  "compare with the resumes made in this round, not with "
		  "count" },
		{ "each call counts for itself", goes_on_later,
		  "parking_vain counts since the parking was opened" },
	};

	return check_exercise("tally", tests, sizeof tests / sizeof *tests);
}
