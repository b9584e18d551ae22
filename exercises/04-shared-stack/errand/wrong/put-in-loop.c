/* Misconception: the errand must be laid on the desk again for each yield */
/* Rejected by: a resume without an answer is not an answer */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return -1;
	errand->question = question;
	errand->answered = 0;
	while (!errand->answered) {
		desk_put(desk, errand);
		coroutine_yield(S);
	}
	*answer = errand->answer;
	free(errand);
	return 0;
}
