/* Misconception: the clerk frees what he has answered */
/* Rejected by: what was taken from the heap is given back */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return -1;
	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	while (!errand->answered)
		coroutine_yield(S);
	*answer = errand->answer;
	return 0;
}
