#ifndef VERDICT_H
#define VERDICT_H

#include "coroutine.h"

/*
 * Gives a coroutine one turn, and says in a word what came of it:
 *
 * "yielded"  it had its turn, and can have another one
 * "ended"    it had its turn, and it was the last one
 * "unknown"  no turn: no coroutine has this id (any more)
 * "busy"     no turn: it is running, or waits for one that it resumed
 */
const char *verdict(struct schedule *S, int id);

#endif
