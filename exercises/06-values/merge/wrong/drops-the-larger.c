/* Misconception: both sources are asked again after each comparison */
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
	int *left = take(S, m->left);
	int *right = take(S, m->right);

	while (left != NULL || right != NULL) {
		if (right == NULL || (left != NULL && *left <= *right))
			coroutine_yield_with(S, left);
		else
			coroutine_yield_with(S, right);
		left = left == NULL ? NULL : take(S, m->left);
		right = right == NULL ? NULL : take(S, m->right);
	}
}
