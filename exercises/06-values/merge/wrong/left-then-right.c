/* Misconception: merging is one source after the other */
/* Rejected by: the smaller number comes first */
#include "merge.h"

#include <stddef.h>

static int *take(struct schedule *S, int source)
{
	if (coroutine_resume(S, source) != COROUTINE_SUSPEND)
		return NULL;
	return coroutine_value(S);
}

void merge(struct schedule *S, void *ud)
{
	const struct merge *m = ud;
	int *number;

	while ((number = take(S, m->left)) != NULL)
		coroutine_yield_with(S, number);
	while ((number = take(S, m->right)) != NULL)
		coroutine_yield_with(S, number);
}
