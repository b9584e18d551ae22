/* Misconception: a local lives as long as somebody has a pointer to it. */
/* Rejected by: the result is good after the runner's end */
#include "relay.h"

#include <stddef.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
	void *rest = NULL, *result;
	long total = leg->metres;
	int id;

	run_leg(D, leg);
	result = &total;
	if (leg->next == NULL)
		return result;
	id = dispatcher_spawn(D, "runner", runner, leg->next);
	if (id == -1 || dispatcher_join(D, id, &rest) == -1 || rest == NULL)
		return NULL;
	total += *(long *)rest;
	return result;
}
