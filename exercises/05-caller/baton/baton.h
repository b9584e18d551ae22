#ifndef BATON_H
#define BATON_H

#include "coroutine.h"

/*
 * The running coroutine, one of ids[0] to ids[count - 1], passes to the next
 * one after it in the list that is still alive; after the last comes the first.
 *
 * Returns 0 when the baton has come back, -1 when all the others have ended.
 */
int pass(struct schedule *S, const int ids[], int count);

#endif
