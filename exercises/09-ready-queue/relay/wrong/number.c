/* Misconception: the result is the number itself, put into a pointer. */
/* Rejected by: the result is good after the runner's end */
#include "relay.h"

#include <stdint.h>

void *runner(struct dispatcher *D, void *ud)
{
	struct leg *leg = ud;
	void *rest = NULL;
	int id;

	run_leg(D, leg);
	if (leg->next == NULL)
		return (void *)(intptr_t)leg->metres;
	id = dispatcher_spawn(D, "runner", runner, leg->next);
	if (id == -1 || dispatcher_join(D, id, &rest) == -1 || rest == NULL)
		return NULL;
	return (void *)(leg->metres + (intptr_t)rest);
}
