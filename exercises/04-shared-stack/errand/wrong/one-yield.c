/* Misconception: whoever is resumed has been answered */
/* Rejected by: a resume without an answer is not an answer */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return -1;
	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	coroutine_yield(S);
	*answer = errand->answer;
	free(errand);
	return 0;
}
