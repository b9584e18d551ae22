#include <errno.h>
#include <string.h>

#include "barrier.h"
#include "check.h"

/* The mechanisms themselves, so that the exercise links without more files. */
#include "lessons/09-ready-queue/dispatcher.c"
#include "lessons/09-ready-queue/waiter.c"
#define refuse refuse_cond
#include "lessons/07-cond/cond.c"
#undef refuse

static struct barrier barrier;
static struct dispatcher *D;
static int laps = 1;
static int passed;      /* how many barrier_wait() have let through */
static int last;        /* how many of them were told that they came last */
static int failed;      /* how many were told -1, */
static int failed_with; /* and with which errno */

static void *comer(struct dispatcher *d, void *ud)
{
	(void)d;
	(void)ud;
	for (int lap = 0; lap < laps; lap++) {
		int result = barrier_wait(&barrier);

		if (result == -1) {
			failed++;
			failed_with = errno;
			return NULL;
		}
		passed++;
		last += result == 1;
	}
	return NULL;
}

static void open_for(int wanted)
{
	const struct coroutine_options options = { 16, 0, 0 };

	D = dispatcher_open(&options);
	if (D == NULL)
		check_fail("no dispatcher could be opened");
	memset(&barrier, 0, sizeof barrier);
	cond_init(&barrier.all_here, dispatcher_parking(D), "all to come");
	barrier.wanted = wanted;
}

/* Runs whoever can run, and comes back when nobody can. */
static void run(void)
{
	for (int round = 0; round < 100; round++)
		dispatcher_round(D, 0);
}

/* One more comes. Returns its id. */
static int come(void)
{
	int id = dispatcher_spawn(D, "comer", comer, NULL);

	if (id == -1)
		check_fail("nobody could be spawned");
	return id;
}

static void come_in_turn(int count)
{
	while (count-- > 0) {
		come();
		run();
	}
}

static void nobody_before(void)
{
	open_for(3);
	come_in_turn(2);
	check_int("passed, when two of three have come", passed, 0);
	dispatcher_close(D);
}

static void all_pass(void)
{
	open_for(4);
	come_in_turn(4);
	check_int("passed, when four of four have come", passed, 4);
	dispatcher_close(D);
}

static void last_is_told(void)
{
	open_for(3);
	come_in_turn(3);
	check_int("how many were told that they came last", last, 1);
	dispatcher_close(D);
}

static void stray_signal(void)
{
	open_for(3);
	come_in_turn(2);
	cond_signal(&barrier.all_here);
	run();
	check_int("passed, after a signal with two of three here", passed, 0);
	dispatcher_close(D);
}

static void second_time(void)
{
	open_for(2);
	come_in_turn(3);
	check_int("passed: two, and then one comes alone", passed, 2);
	come_in_turn(1);
	check_int("passed, when another one has come", passed, 4);
	dispatcher_close(D);
}

static void fast_one(void)
{
	open_for(2);
	laps = 3;
	come();
	come();
	run();
	check_int("passed: two, three times each", passed, 6);
	dispatcher_close(D);
}

static void gives_up(void)
{
	int id;

	open_for(3);
	id = come();
	run();
	dispatcher_wake(D, id, ETIMEDOUT);
	run();
	check_int("how many were told -1", failed, 1);
	check_true("the errno is that of the wait, ETIMEDOUT",
		   failed_with == ETIMEDOUT);
	come_in_turn(2);
	check_int("passed, when one gave up and two are here", passed, 0);
	come_in_turn(1);
	check_int("passed, when the third one is here", passed, 3);
	dispatcher_close(D);
}

static void too_late(void)
{
	int id;

	open_for(2);
	id = come();
	run();
	come(); /* ready before the other one's wait fails: it runs first */
	dispatcher_wake(D, id, ETIMEDOUT);
	run();
	check_int("how many were told -1", failed, 0);
	check_int("passed, both", passed, 2);
	come_in_turn(2);
	check_int("passed, when two more have come", passed, 4);
	dispatcher_close(D);
}

int main(void)
{
	static const struct check tests[] = {
		{ "nobody passes before all are there", nobody_before,
		  "the one that calls is here too: count it, then compare" },
		{ "all pass when the last one has come", all_pass,
		  "the last one wakes everybody, and does not wait itself" },
		{ "one of them is told that it came last", last_is_told,
		  "1 for the one that wakes the others, 0 for these" },
		{ "a signal from elsewhere lets nobody pass", stray_signal,
		  "a wait stands in a loop: is what you wait for so?" },
		{ "it can be used a second time", second_time,
		  "who sets here back to 0, and when?" },
		{ "one that comes again at once stops nobody", fast_one,
		  "here counts the next round already: look at round" },
		{ "who gives up is not counted", gives_up,
		  "cond_wait returns -1: one less is here" },
		{ "who was counted has passed", too_late,
		  "after a failed wait look at the round once more" },
	};

	return check_exercise("barrier", tests, sizeof tests / sizeof *tests);
}
