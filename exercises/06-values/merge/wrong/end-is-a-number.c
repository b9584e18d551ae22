/* Misconception: a resume that was not refused has brought a number */
/* Rejected by: the rest of the longer source comes too */
#include "merge.h"

void merge(struct schedule *S, void *ud)
{
	const struct merge *m = ud;

	coroutine_resume(S, m->left);
	const int *left = coroutine_value(S);
	coroutine_resume(S, m->right);
	const int *right = coroutine_value(S);

	for (;;) {
		int smaller = *left <= *right ? m->left : m->right;

		coroutine_yield_with(
			S, (void *)(smaller == m->left ? left : right));
		if (coroutine_resume(S, smaller) == -1)
			return;
		if (smaller == m->left)
			left = coroutine_value(S);
		else
			right = coroutine_value(S);
	}
}
