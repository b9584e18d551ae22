/* Two lines of waiters, one queue of those who are ready. */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

static struct cond lines[2]; /* 0: for bread, 1: for milk */

static void *customer(struct dispatcher *D, void *ud)
{
	struct cond *line = ud;

	if (cond_wait(line) == 0)
		printf("%s has %s\n", dispatcher_name(D, dispatcher_self(D)),
		       line->name);
	return NULL;
}

static void *shop(struct dispatcher *D, void *ud)
{
	static const int signals[] = { 1, 0, 0, 1 };

	(void)D;
	(void)ud;
	for (int i = 0; i < 4; i++)
		cond_signal(&lines[signals[i]]);
	printf("the shop has signalled: milk, bread, bread, milk\n");
	return NULL;
}

int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int status;

	if (D == NULL)
		return 1;
	cond_init(&lines[0], dispatcher_parking(D), "bread");
	cond_init(&lines[1], dispatcher_parking(D), "milk");
	//! [spawn]
	dispatcher_spawn(D, "ann", customer, &lines[0]);  /* bread */
	dispatcher_spawn(D, "bob", customer, &lines[0]);  /* bread */
	dispatcher_spawn(D, "cleo", customer, &lines[1]); /* milk */
	dispatcher_spawn(D, "dan", customer, &lines[1]);  /* milk */
	dispatcher_spawn(D, "shop", shop, NULL);
	//! [spawn]
	status = dispatcher_run(D);
	dispatcher_close(D);
	return status != 0;
}
