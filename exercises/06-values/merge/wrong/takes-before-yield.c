/* Misconception: the pointer is in my hand, so the source can already go on */
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
		int *smaller;

		if (right == NULL || (left != NULL && *left <= *right)) {
			smaller = left;
			left = take(S, m->left);
		} else {
			smaller = right;
			right = take(S, m->right);
		}
		coroutine_yield_with(S, smaller);
	}
}
