#ifndef ROUNDS_H
#define ROUNDS_H

#include "coroutine.h"

/*
 * Runs coroutines in turn. In each round it resumes those of ids[0] to
 * ids[count - 1] that can be resumed, in the order of the list, once each.
 * It comes back when nobody in the list can be resumed any more.
 *
 * Returns how many turns it gave: the resumes that were not refused.
 */
int rounds(struct schedule *S, const int ids[], int count);

#endif
