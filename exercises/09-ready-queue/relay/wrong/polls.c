/* Misconception: to wait is to ask again and again. */
/* Rejected by: who waits is parked, and takes no turn */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
	void *rest = NULL;
	int id;

	run_leg(D, leg);
	leg->total = leg->metres;
	if (leg->next == NULL)
		return &leg->total;
	id = dispatcher_spawn(D, "runner", runner, leg->next);
	if (id == -1)
		return NULL;
	while (dispatcher_status(D, id) != DISPATCHER_ENDED)
		dispatcher_yield(D);
	if (dispatcher_join(D, id, &rest) == -1 || rest == NULL)
		return NULL;
	leg->total += *(long *)rest;
	return &leg->total;
}
