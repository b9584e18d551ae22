#ifndef PATIENCE_H
#define PATIENCE_H

#include "lessons/07-cond/cond.h"
#include "lessons/10-timer/timer.h"

/*
 * Waits in the line of `c` until *state is not 0, but for no longer than
 * `duration` nanoseconds from the call. Whoever changes *state signals `c`; not
 * every signal means that *state has changed.
 *
 * The caller may have a deadline of its own. It counts too, and afterwards it
 * is set as it was before.
 *
 * Returns 0 when *state is not 0, however that came about; -1 with what ended
 * the wait otherwise, such as ETIMEDOUT.
 */
int patience(struct timer *T, struct cond *c, const int *state,
	     long long duration);

#endif
