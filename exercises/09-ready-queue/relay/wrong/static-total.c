/* Misconception: a static variable is as good as one for each runner. */
/* Rejected by: the legs of two runners are added up */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	static long total;
	struct leg *leg = ud;
	void *rest = NULL;
	int id;

	run_leg(D, leg);
	total = leg->metres;
	if (leg->next == NULL)
		return &total;
	id = dispatcher_spawn(D, "runner", runner, leg->next);
	if (id == -1 || dispatcher_join(D, id, &rest) == -1 || rest == NULL)
		return NULL;
	total += *(long *)rest;
	return &total;
}
