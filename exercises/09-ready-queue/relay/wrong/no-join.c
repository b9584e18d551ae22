/* Misconception: who has ended is gone, and its slot is free. */
/* Rejected by: every slot is given back */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
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
	leg->total += leg->next->total;
	return &leg->total;
}
