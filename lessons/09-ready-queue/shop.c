/* The shop of lesson 8 on the ready queue, and a baker with a result. */
#include "../07-cond/cond.h"
#include "dispatcher.h"

#include <stdio.h>

static struct cond baked;
static int loaves;

static void *customer(struct dispatcher *D, void *ud)
{
	const char *name = dispatcher_name(D, dispatcher_self(D));

	(void)ud;
	while (loaves == 0) {
		printf("%s waits\n", name);
		if (cond_wait(&baked) == -1)
			return NULL;
	}
	loaves--;
	printf("%s has a loaf\n", name);
	return NULL;
}

//! [baker]
static void *baker(struct dispatcher *D, void *ud)
{
	static int made; /* on the baker's own stack nobody could read it */

	(void)ud;
	for (made = 0; made < 2; made++) {
		printf("\tthe baker kneads\n");
		dispatcher_yield(D);
		loaves++;
		printf("\tthe baker has baked loaf %d\n", made + 1);
		cond_signal(&baked);
	}
	return &made;
}
//! [baker]

//! [owner]
static void *owner(struct dispatcher *D, void *ud)
{
	int id = dispatcher_spawn(D, "baker", baker, NULL);
	void *result;

	(void)ud;
	if (dispatcher_join(D, id, &result) == 0)
		printf("\t\tthe owner hears: %d loaves\n", *(int *)result);
	return NULL;
}
//! [owner]

int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int result;

	if (D == NULL)
		return 1;
	//! [main]
	cond_init(&baked, dispatcher_parking(D), "a loaf");
	dispatcher_start(D, "Ann", customer, NULL);
	dispatcher_start(D, "Bob", customer, NULL);
	dispatcher_start(D, "owner", owner, NULL);
	result = dispatcher_run(D);
	printf("dispatcher_run returns %d\n", result);
	//! [main]
	dispatcher_close(D);
	return 0;
}
