#ifndef TICKER_H
#define TICKER_H

#include "lessons/10-timer/timer.h"

/*
 * Calls tick(ud) `times` times, at equal intervals: at one period after the
 * call of ticker(), at two periods after it, and so on.
 *
 * A tick may take time, and may wait. Whatever it takes, the next moment stays
 * where it was. A moment that has passed before the tick is back is missed: it
 * is left out, and not counted. One that is now, when the tick is back, is not
 * missed.
 *
 * Returns 0; -1 with errno when a sleep fails, and then there is no further
 * tick.
 */
int ticker(struct timer *T, long long period, int times, void (*tick)(void *ud),
	   void *ud);

#endif
