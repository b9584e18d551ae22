#include "errand.h"

int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	/* On the heap, because others use it while we are suspended. A local
	 * would be copied out with our frames, and the clerk's own frames would
	 * lie at its address. A static would be one for all who ask. */
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return -1;
	errand->question = question;
	errand->answered = 0;
	desk_put(desk, errand);
	/* A resume says that somebody let us go on, not that the answer is
	 * there. So look each time. */
	while (!errand->answered)
		coroutine_yield(S);
	/* The pointers errand and answer are locals too, and survive: nobody
	 * but us looks at them, and our frames are back at their addresses. */
	*answer = errand->answer;
	free(errand);
	return 0;
}
