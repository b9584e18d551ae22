/* Which lesson makes a move of a dispatcher's coroutine first. Before it, the
 * move is not drawn, and not looked for among the recorded ones. */
#ifndef KNOWN_H
#define KNOWN_H

#include "../lessons/09-ready-queue/dispatcher.h"

static inline int state_lesson(int state)
{
	switch (state) {
	case DISPATCHER_ON_TIMER:
	case DISPATCHER_INTERRUPTED:
		return 10;
	case DISPATCHER_ON_DESCRIPTOR:
		return 11;
	default:
		return 9;
	}
}

static inline int move_lesson(int from, int to)
{
	int one = state_lesson(from), other = state_lesson(to);

	return one > other ? one : other;
}

#endif
