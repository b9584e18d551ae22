/* Misconception: who is spawned does not run before it is joined. */
/* Rejected by: the next one starts when the leg is over */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
	void *rest = NULL;
	int id = -1;

	if (leg->next != NULL) {
		id = dispatcher_spawn(D, "runner", runner, leg->next);
		if (id == -1)
			return NULL;
	}
	run_leg(D, leg);
	leg->total = leg->metres;
	if (leg->next == NULL)
		return &leg->total;
	if (dispatcher_join(D, id, &rest) == -1 || rest == NULL)
		return NULL;
	leg->total += *(long *)rest;
	return &leg->total;
}
