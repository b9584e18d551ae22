#include "errand.h"

/* Where must the errand lie, so that the clerk can read and write it while
 * your frames are not on the stack? malloc and free are at hand. */
int ask(struct schedule *S, struct desk *desk, int question, int *answer)
{
	/* TODO: an errand, the desk, yields, the answer */
	(void)S;
	(void)desk;
	(void)question;
	*answer = 0;
	return 0;
}
