/* Misconception: join waits until my own work is done. */
/* Rejected by: the legs of two runners are added up */
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
	if (dispatcher_spawn(D, "runner", runner, leg->next) == -1)
		return NULL;
	if (dispatcher_join(D, dispatcher_self(D), &rest) == -1 || rest == NULL)
		return NULL;
	leg->total += *(long *)rest;
	return &leg->total;
}
