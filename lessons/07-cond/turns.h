/* What drives the programs of this lesson: a loop that resumes everyone. */
#ifndef COROUTINE_TURNS_H
#define COROUTINE_TURNS_H

#include "coroutine.h"

/* Resumes the coroutines 0 to count - 1 in turn until all have ended, for ten
 * rounds at most: whoever waits then, waits for ever. Returns how many do. */
static int run_all(struct schedule *S, int count)
{
	int left = count;

	for (int round = 0; round < 10 && left > 0; round++) {
		left = 0;
		for (int id = 0; id < count; id++)
			left += coroutine_resume(S, id) == COROUTINE_SUSPEND;
	}
	return left;
}

#endif
