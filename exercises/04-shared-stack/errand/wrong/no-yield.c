/* Misconception: the clerk answers while desk_put runs */
/* Rejected by: ask lays one errand on the desk and waits */
#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	struct errand *errand = malloc(sizeof(*errand));

	(void)S;
	if (errand == NULL)
		return -1;
	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	*answer = errand->answer;
	free(errand);
	return 0;
}
