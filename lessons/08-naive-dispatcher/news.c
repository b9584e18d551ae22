/* A loop that looks for news from outside: how long may a look take? The world
 * is a model with a clock of its own, so that every run is the same. */
#include "../07-cond/cond.h"

#include <stdio.h>

enum { MESSAGES = 3, WORK = 5000, NEVER = -1 };

//! [world]
static const long arrives[MESSAGES] = { 10000, 20000, 30000 };
static long now, slept; /* microseconds */
static int come;

/* Like poll(2), but in microseconds: returns at once when there is a message,
 * and otherwise waits for one, `timeout` at most; NEVER: without end. */
static int look(long timeout)
{
	long wait = arrives[come] - now;

	if (timeout != NEVER && timeout < wait)
		wait = timeout;
	if (wait > 0) {
		now += wait;
		slept += wait;
	}
	now++; /* the call itself takes one */
	if (now <= arrives[come])
		return 0;
	come++;
	return 1;
}
//! [world]

static struct cond mail;
static int answered, work_done;

static void clerk(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	for (; answered < MESSAGES; answered++)
		while (answered == come)
			if (cond_wait(&mail) == -1)
				return;
}

static void worker(struct schedule *S, void *ud)
{
	(void)ud;
	while (work_done < WORK) {
		work_done++;
		now++; /* a step takes one, too */
		coroutine_yield(S);
	}
}

//! [loop]
/* Looks with one time-out while somebody is ready, with another when nobody
 * is, until all messages are answered. Returns how often it looked. */
static long loop(struct schedule *S, long when_ready, long when_idle)
{
	int c = coroutine_new(S, clerk, NULL);
	int w = coroutine_new(S, worker, NULL);
	long looks = 0;

	coroutine_resume(S, c);
	for (; coroutine_status(S, c) != COROUTINE_DEAD; looks++) {
		int ready = coroutine_status(S, w) != COROUTINE_DEAD;

		if (look(ready ? when_ready : when_idle)) {
			cond_signal(&mail);
			coroutine_resume(S, c);
		}
		coroutine_resume(S, w);
	}
	return looks;
}
//! [loop]

static int day(const char *time_outs, long when_ready, long when_idle)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);
	long looks;

	now = slept = 0;
	come = answered = work_done = 0;
	if (P == NULL || cond_init(&mail, P, "mail") == -1)
		return 1;
	looks = loop(S, when_ready, when_idle);
	printf("%-16s %7ld %7ld %7d\n", time_outs, looks, slept, work_done);
	coroutine_close(S);
	parking_close(P);
	return 0;
}

int main(void)
{
	printf("%-16s %7s %7s %7s\n", "time-outs", "looks", "slept", "worked");
	//! [days]
	return day("never and never", NEVER, NEVER) || day("0 and 0", 0, 0) ||
	       day("0 and 1000", 0, 1000) || day("0 and never", 0, NEVER);
	//! [days]
}
