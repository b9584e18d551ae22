/* Misconception: what cannot be had counts nothing, and the rest is the sum. */
/* Rejected by: when a runner cannot be spawned the result is NULL */
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
	if (dispatcher_join(D, id, &rest) == 0 && rest != NULL)
		leg->total += *(long *)rest;
	return &leg->total;
}
