/* Misconception: malloc always has memory */
/* Rejected by: without memory ask says so and leaves no errand */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = malloc(sizeof(*errand));

	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	while (!errand->answered)
		coroutine_yield(S);
	*answer = errand->answer;
	free(errand);
	return 0;
}
