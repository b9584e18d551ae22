/* Misconception: a local lives on across the yield, so its address can be handed out */
/* Rejected by: an answer stays while another averager runs */
#include "average.h"

#include <stddef.h>

void average(struct schedule *S, void *ud)
{
	double sum = 0, answer = 0;
	int count = 0;
	const int *number;

	(void)ud;
	while ((number = coroutine_value(S)) != NULL) {
		sum += *number;
		answer = sum / ++count;
		coroutine_yield_with(S, &answer);
	}
}
