/* Misconception: the end must be handed out too, as a NULL */
/* Rejected by: it ends when both have ended */
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
		if (right == NULL || (left != NULL && *left <= *right)) {
			coroutine_yield_with(S, left);
			left = take(S, m->left);
		} else {
			coroutine_yield_with(S, right);
			right = take(S, m->right);
		}
	}
	coroutine_yield_with(S, NULL);
}
