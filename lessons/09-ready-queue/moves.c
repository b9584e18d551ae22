/* Every move that this lesson knows, with its event. */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

static struct cond news;

static void show(void *ud, struct dispatcher *D, int id, int from, int to)
{
	static const char *const names[] = { "ann", "bob", "cleo" };

	(void)ud;
	(void)D;
	printf("  %-4s %-7s -> %-7s  %s\n", names[id],
	       dispatcher_status_name(from), dispatcher_status_name(to),
	       dispatcher_event(from, to));
}

static void *waits(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	cond_wait(&news);
	return NULL;
}

static void *joins(struct dispatcher *D, void *ud)
{
	const int *whom = ud;

	dispatcher_join(D, *whom, NULL);
	dispatcher_yield(D);
	return NULL;
}

int main(void)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int ann;

	if (D == NULL)
		return 1;
	cond_init(&news, dispatcher_parking(D), "news");
	dispatcher_trace(D, show, NULL);
	printf("main spawns three, and detaches the second\n");
	ann = dispatcher_spawn(D, "ann", waits, NULL);
	dispatcher_start(D, "bob", joins, &ann);
	dispatcher_spawn(D, "cleo", waits, NULL);
	printf("round 1\n");
	dispatcher_round(D, 0);
	printf("main signals once\n");
	cond_signal(&news);
	for (int round = 2; round <= 4; round++) {
		printf("round %d\n", round);
		dispatcher_round(D, 0);
	}
	printf("main closes\n");
	return dispatcher_close(D);
}
