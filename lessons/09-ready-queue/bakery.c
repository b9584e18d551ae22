/* A baker and a clerk: spawn, wait, signal, yield, and a join with a result. */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

//! [shared]
/* Static: what coroutines share never lies on one of their stacks. */
static struct cond ordered, baked;
static int orders, loaves, made;
//! [shared]

//! [baker]
static void *baker(struct dispatcher *D, void *ud)
{
	(void)ud;
	while (made < 2) {
		while (orders == 0)
			if (cond_wait(&ordered) == -1)
				return NULL;
		orders--;
		printf("baker: puts a loaf into the oven\n");
		dispatcher_yield(D); /* whoever is ready runs meanwhile */
		made++;
		loaves++;
		printf("baker: done, signals\n");
		cond_signal(&baked);
	}
	return &made;
}
//! [baker]

//! [clerk]
static void *clerk(struct dispatcher *D, void *ud)
{
	const int *baker_id = ud;
	void *result = NULL;

	for (int sold = 0; sold < 2; sold++) {
		printf("clerk: orders, and waits\n");
		orders++;
		cond_signal(&ordered);
		while (loaves == 0)
			if (cond_wait(&baked) == -1)
				return NULL;
		loaves--;
		printf("clerk: sells a loaf\n");
	}
	if (dispatcher_join(D, *baker_id, &result) == 0 && result != NULL)
		printf("clerk: the baker made %d\n", *(int *)result);
	return NULL;
}
//! [clerk]

//! [main]
int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	struct parking *P = dispatcher_parking(D); /* the line that differs */
	int baker_id, status;

	if (D == NULL)
		return 1;
	cond_init(&ordered, P, "an order");
	cond_init(&baked, P, "a loaf");
	baker_id = dispatcher_spawn(D, "baker", baker, NULL);
	dispatcher_detach(D, dispatcher_spawn(D, "clerk", clerk, &baker_id));
	status = dispatcher_run(D);
	printf("main: dispatcher_run returns %d\n", status);
	return dispatcher_close(D);
}
//! [main]
