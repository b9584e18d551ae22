/* Ten events, and more and more who wait: the dispatcher of lesson 8 and this
 * one, with the same coroutines and the same counts. */
#include "../07-cond/cond.h"
#include "../08-naive-dispatcher/naive.h"
#include "dispatcher.h"

#include <stdio.h>

enum { EVENTS = 10, MOST = 10000 };

static struct cond bell, answer;
static int answered, over;
static long resumes, went_on; /* while there are events */

/* A wait that is over: somebody was resumed, and went on. */
static int wait_on(struct cond *c)
{
	int result = cond_wait(c);

	went_on += !over;
	return result;
}

static void wait_for_bell(void)
{
	while (!over) {
		if (wait_on(&bell) == -1)
			return;
		answered++;
		cond_signal(&answer);
	}
}

static void ring(void)
{
	resumes = went_on = 0; /* all have begun, and wait */
	for (int event = 1; event <= EVENTS; event++) {
		cond_signal(&bell);
		while (answered < event)
			if (wait_on(&answer) == -1)
				return;
	}
	over = 1;
	cond_broadcast(&bell);
}

static void count(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)ud;
	(void)S;
	(void)id;
	(void)from;
	resumes += !over && to == COROUTINE_RUNNING;
}

static void set_up(struct schedule *S, struct parking *P)
{
	answered = over = 0;
	coroutine_trace(S, count, NULL);
	cond_init(&bell, P, "the bell");
	cond_init(&answer, P, "an answer");
}

static void print_counts(void)
{
	printf(" %7ld %7ld", went_on, resumes - went_on);
}

/* ---- Under the naive dispatcher of lesson 8. ------------------------------ */

static void naive_waiter(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	wait_for_bell();
}

static void naive_ringer(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	ring();
}

static int run_naive(int waiters)
{
	struct schedule *S = coroutine_open();
	struct naive *N = naive_open(S);
	int result = -1;

	if (N != NULL) {
		set_up(S, naive_parking(N));
		for (int i = 0; i < waiters; i++)
			naive_spawn(N, naive_waiter, NULL);
		naive_spawn(N, naive_ringer, NULL);
		result = naive_run(N);
	}
	coroutine_close(S);
	naive_close(N);
	print_counts();
	return result;
}

/* ---- Under the dispatcher of this lesson. --------------------------------- */

static void *waiter(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	wait_for_bell();
	return NULL;
}

static void *ringer(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	ring();
	return NULL;
}

static int run_queue(int waiters)
{
	struct coroutine_options options = { .slots = waiters + 1 };
	struct dispatcher *D = dispatcher_open(&options);
	int result = -1;

	if (D != NULL) {
		set_up(dispatcher_schedule(D), dispatcher_parking(D));
		for (int i = 0; i < waiters; i++)
			dispatcher_spawn(D, "waiter", waiter, NULL);
		dispatcher_spawn(D, "ringer", ringer, NULL);
		result = dispatcher_run(D);
	}
	dispatcher_close(D);
	print_counts();
	return result;
}

int main(void)
{
	printf("                    lesson 8     ready queue\n"
	       "waiters  events  useful  wasted  useful  wasted\n");
	for (int n = 10; n <= MOST; n *= 10) {
		printf("%7d %7d", n, EVENTS);
		if (run_naive(n) == -1 || run_queue(n) == -1)
			return 1;
		printf("\n");
	}
	return 0;
}
