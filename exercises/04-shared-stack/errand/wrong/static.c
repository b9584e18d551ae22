/* Misconception: off the stack means static */
/* Rejected by: two who ask get their own answers */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	static struct errand errand;

	errand.question = question;
	errand.answered = 0;
	desk_put(desk, &errand);
	while (!errand.answered)
		coroutine_yield(S);
	*answer = errand.answer;
	return 0;
}
