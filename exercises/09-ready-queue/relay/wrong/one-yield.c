/* Misconception: after one yield the other one has ended. */
/* Rejected by: a slow runner is waited for */
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
	dispatcher_yield(D);
	leg->total += leg->next->total;
	dispatcher_detach(D, id);
	return &leg->total;
}
