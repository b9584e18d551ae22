/* Misconception: alloca takes memory from the heap */
/* Rejected by: the answer comes back */
#include "errand.h"
#include <alloca.h>

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = alloca(sizeof(*errand));

	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	while (!errand->answered)
		coroutine_yield(S);
	*answer = errand->answer;
	return 0;
}
