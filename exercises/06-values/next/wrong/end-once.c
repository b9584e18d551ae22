/* Misconception: the end comes once; whoever asks again has made a mistake */
/* Rejected by: the end stays the end */
#include "next.h"

int next(struct schedule *S, int id, void **value)
{
	int now = coroutine_resume(S, id);

	if (now == COROUTINE_SUSPEND) {
		*value = coroutine_value(S);
		return 1;
	}
	return now == COROUTINE_DEAD ? 0 : -1;
}
