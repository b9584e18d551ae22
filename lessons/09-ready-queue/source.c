/* A source of news made by hand: the dispatcher knows nothing of what it is. */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "waiter.h"

static struct cond bell;
static int rings;

//! [source]
/* Rings at the third time it is asked, and once more when it may sleep. */
static int news(void *ud, int wait)
{
	static int asked, left = 2;

	(void)ud;
	asked++;
	printf("news? %s\n",
	       wait ? "nobody is ready, take your time" : "but only look");
	if (left == 0)
		return 0;
	if (wait || asked == 3) {
		left--;
		rings++;
		printf("      the bell rings\n");
		cond_signal(&bell);
	}
	return 1;
}
//! [source]

static void *worker(struct dispatcher *D, void *ud)
{
	(void)ud;
	for (int part = 1; part <= 4; part++) {
		printf("   worker: part %d\n", part);
		dispatcher_yield(D);
	}
	return NULL;
}

static void *porter(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	for (int opened = 1; opened <= 3; opened++) {
		while (rings == 0)
			if (cond_wait(&bell) == -1)
				return NULL;
		rings--;
		printf("   porter: opens the door\n");
	}
	return NULL;
}

int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int status;

	if (D == NULL)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0); /* keeps its place before stderr */
	cond_init(&bell, dispatcher_parking(D), "the bell");
	dispatcher_source(D, news, NULL);
	dispatcher_spawn(D, "porter", porter, NULL);
	dispatcher_spawn(D, "worker", worker, NULL);
	status = dispatcher_run(D);
	printf("dispatcher_run returns %d\n", status);
	return dispatcher_close(D);
}
