/* Misconception: spawn always finds a slot. */
/* Rejected by: when a runner cannot be spawned the result is NULL */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
	void *rest = NULL;

	run_leg(D, leg);
	leg->total = leg->metres;
	if (leg->next == NULL)
		return &leg->total;
	dispatcher_join(D, dispatcher_spawn(D, "runner", runner, leg->next),
			&rest);
	leg->total += *(long *)rest;
	return &leg->total;
}
