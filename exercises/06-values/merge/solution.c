#include "merge.h"

#include <stddef.h>

/* Resume and read in one place: there is one value per schedule, and the next
 * resume writes over it. NULL says that the source has ended. */
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

	/* A source that has ended is out of the game, and the other one goes
	 * on alone. The pointer is handed on as it came: it points into the
	 * source's own memory, not into these frames. Ask for the next number
	 * after the yield, never before: the source writes it over this one. */
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
