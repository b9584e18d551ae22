/* Misconception: resume passes the turn; but who resumes waits, as NORMAL. */
/* Rejected by: who passes has stepped aside */
#include "baton.h"

int pass(struct schedule *S, const int ids[], int count)
{
	int me = 0;

	while (ids[me] != coroutine_running(S))
		me++;
	for (int step = 1; step < count; step++)
		if (coroutine_resume(S, ids[(me + step) % count]) != -1)
			return 0;
	return -1;
}
