/* Misconception: locals keep their place while their coroutine is suspended */
/* Rejected by: the answer comes back */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand errand;

	errand.question = question;
	errand.answered = 0;
	desk_put(desk, &errand);
	while (!errand.answered)
		coroutine_yield(S);
	*answer = errand.answer;
	return 0;
}
