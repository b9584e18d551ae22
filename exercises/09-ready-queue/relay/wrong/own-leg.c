/* Misconception: to join is enough; the other one's result adds itself. */
/* Rejected by: the legs of two runners are added up */
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
	if (id == -1 || dispatcher_join(D, id, NULL) == -1)
		return NULL;
	return &leg->total;
}
