/* What a parked coroutine costs: with a stack of its own, and with a share of
 * one. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* getrusage(), waitpid() */
#endif

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

enum { COUNT = 10000 };

static struct cond never;

static void *sleep_for_ever(struct dispatcher *D, void *ud)
{
	(void)D;
	cond_wait(&never);
	return ud;
}

static long peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss * 1024;
}

/* In a process of its own: memory that was taken once is not given back. */
static void measure(const char *how, int stacks)
{
	struct coroutine_options options = { .slots = COUNT, .stacks = stacks };
	struct dispatcher *D;
	long before = peak();

	fflush(stdout);
	if (fork() == 0) {
		D = dispatcher_open(&options);
		if (D == NULL) {
			perror("dispatcher_open");
			_exit(1);
		}
		cond_init(&never, dispatcher_parking(D), "nothing");
		for (int i = 0; i < COUNT; i++)
			dispatcher_start(D, "x", sleep_for_ever, NULL);
		dispatcher_round(D, 0);
		printf("%s %.0f kB\n", how,
		       (double)(peak() - before) / COUNT / 1000);
		fflush(stdout);
		_exit(0);
	}
	waitpid(-1, NULL, 0);
}

int main(void)
{
	measure("a stack each:", COUNT);
	measure("one stack:", 1);
	return 0;
}
