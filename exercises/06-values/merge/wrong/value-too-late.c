/* Misconception: each resume keeps its own value, so both can be read afterwards */
/* Rejected by: the smaller number comes first */
#include "merge.h"

#include <stddef.h>

void merge(struct schedule *S, void *ud)
{
	const struct merge *m = ud;
	int l = coroutine_resume(S, m->left);
	int r = coroutine_resume(S, m->right);
	int *left = l == COROUTINE_SUSPEND ? coroutine_value(S) : NULL;
	int *right = r == COROUTINE_SUSPEND ? coroutine_value(S) : NULL;

	while (left != NULL || right != NULL) {
		if (right == NULL || (left != NULL && *left <= *right)) {
			coroutine_yield_with(S, left);
			l = coroutine_resume(S, m->left);
			left = l == COROUTINE_SUSPEND ? coroutine_value(S)
						      : NULL;
		} else {
			coroutine_yield_with(S, right);
			r = coroutine_resume(S, m->right);
			right = r == COROUTINE_SUSPEND ? coroutine_value(S)
						       : NULL;
		}
	}
}
