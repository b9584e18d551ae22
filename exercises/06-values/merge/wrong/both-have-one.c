/* Misconception: a source has one number at least */
/* Rejected by: a source may be empty from the start */
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

	do {
		if (*left <= *right) {
			coroutine_yield_with(S, left);
			left = take(S, m->left);
		} else {
			coroutine_yield_with(S, right);
			right = take(S, m->right);
		}
	} while (left != NULL && right != NULL);
	for (; left != NULL; left = take(S, m->left))
		coroutine_yield_with(S, left);
	for (; right != NULL; right = take(S, m->right))
		coroutine_yield_with(S, right);
}
