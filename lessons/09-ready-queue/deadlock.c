/* Everybody waits: a report and an error, and it can go on afterwards. */
#include <errno.h>
#include <stdio.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

static struct cond ordered;
static int orders;

static void *baker(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	while (orders == 0)
		if (cond_wait(&ordered) == -1)
			return NULL;
	printf("baker: bakes\n");
	return NULL;
}

/* Should order, and forgets it. */
static void *clerk(struct dispatcher *D, void *ud)
{
	const int *whom = ud;

	if (dispatcher_join(D, *whom, NULL) == 0)
		printf("clerk: closes the shop\n");
	return NULL;
}

static void *cat(struct dispatcher *D, void *ud)
{
	const int *whom = ud;

	if (dispatcher_join(D, *whom, NULL) == 0)
		printf("cat: goes home\n");
	return NULL;
}

int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int baker_id, clerk_id, result;

	if (D == NULL)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0); /* keeps its place before stderr */
	cond_init(&ordered, dispatcher_parking(D), "an order");
	baker_id = dispatcher_spawn(D, "baker", baker, NULL);
	clerk_id = dispatcher_spawn(D, "clerk", clerk, &baker_id);
	dispatcher_start(D, "cat", cat, &clerk_id);

	//! [main]
	result = dispatcher_run(D);
	printf("dispatcher_run returns %d%s\n", result,
	       result == -1 && errno == EDEADLK ? " EDEADLK" : "");
	orders++;
	printf("main orders: cond_signal returns %d\n", cond_signal(&ordered));
	printf("dispatcher_run returns %d\n", dispatcher_run(D));
	//! [main]
	return dispatcher_close(D);
}
