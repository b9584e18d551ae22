/* Misconception: the sources take turns */
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
	int *left, *right;

	do {
		left = take(S, m->left);
		if (left != NULL)
			coroutine_yield_with(S, left);
		right = take(S, m->right);
		if (right != NULL)
			coroutine_yield_with(S, right);
	} while (left != NULL || right != NULL);
}
