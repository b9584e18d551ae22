/* Misconception: merging means to fetch everything, and sort it */
/* Rejected by: a source is asked only when its number is gone */
#include "merge.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int collect(struct schedule *S, int source, int *numbers, int count)
{
	while (coroutine_resume(S, source) == COROUTINE_SUSPEND)
		numbers[count++] = *(int *)coroutine_value(S);
	return count;
}

void merge(struct schedule *S, void *ud)
{
	const struct merge *m = ud;
	int *numbers = malloc(1000 * sizeof(int));
	int count;

	if (numbers == NULL)
		return;
	count = collect(S, m->left, numbers, 0);
	count = collect(S, m->right, numbers, count);
	qsort(numbers, (size_t)count, sizeof(int), compare);
	for (int i = 0; i < count; i++)
		coroutine_yield_with(S, &numbers[i]);
	free(numbers);
}
