/* Misconception: a number that both sources have comes once */
/* Rejected by: equal numbers both come */
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
		if (left != NULL && right != NULL && *left == *right)
			right = take(S, m->right);
		if (right == NULL || (left != NULL && *left <= *right)) {
			coroutine_yield_with(S, left);
			left = take(S, m->left);
		} else {
			coroutine_yield_with(S, right);
			right = take(S, m->right);
		}
	}
}
