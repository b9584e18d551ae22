/* Misconception: what must outlive a yield must be static */
/* Rejected by: two merges in turn do not mix */
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
	static int *left, *right;

	left = take(S, m->left);
	right = take(S, m->right);
	while (left != NULL || right != NULL) {
		if (right == NULL || (left != NULL && *left <= *right)) {
			coroutine_yield_with(S, left);
			left = take(S, m->left);
		} else {
			coroutine_yield_with(S, right);
			right = take(S, m->right);
		}
	}
}
