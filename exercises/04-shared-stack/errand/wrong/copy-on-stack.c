/* Misconception: a local initialised from the heap is as good as the heap */
/* Rejected by: the answer comes back */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *first = malloc(sizeof(*first));
	struct errand errand;

	if (first == NULL)
		return -1;
	first->question = question;
	first->answered = 0;
	errand = *first;
	free(first);
	desk_put(desk, &errand);
	while (!errand.answered)
		coroutine_yield(S);
	*answer = errand.answer;
	return 0;
}
