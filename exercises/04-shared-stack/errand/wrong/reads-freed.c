/* Misconception: freed memory can be read until somebody else takes it */
/* Rejected by: the answer comes back */
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
	free(errand);
	*answer = errand->answer;
	return 0;
}
