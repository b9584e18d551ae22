/* Misconception: a copy of one's own is safer to hand out than somebody else's pointer */
/* Rejected by: a merge can be the source of a merge */
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
	int number = 0;

	while (left != NULL || right != NULL) {
		if (right == NULL || (left != NULL && *left <= *right)) {
			number = *left;
			coroutine_yield_with(S, &number);
			left = take(S, m->left);
		} else {
			number = *right;
			coroutine_yield_with(S, &number);
			right = take(S, m->right);
		}
	}
}
