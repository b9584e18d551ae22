/* Which lesson makes a move of a dispatcher's coroutine first. Before it, the
 * move is not drawn, and not looked for among the recorded ones. */
#ifndef KNOWN_H
#define KNOWN_H

#include "../lessons/09-ready-queue/dispatcher.h"

/* Each state by its name: one that is forgotten is 0, and fails the test that asks
 * for all of them. */
static const int state_lessons[DISPATCHER_STATES] = {
	[DISPATCHER_GONE] = 9,         [DISPATCHER_READY] = 9,
	[DISPATCHER_RUNNING] = 9,      [DISPATCHER_ON_COND] = 9,
	[DISPATCHER_ON_JOIN] = 9,      [DISPATCHER_ON_TIMER] = 10,
	[DISPATCHER_ENDED] = 9,        [DISPATCHER_ON_DESCRIPTOR] = 11,
	[DISPATCHER_INTERRUPTED] = 10,
};

static inline int state_lesson(int state)
{
	return state_lessons[state];
}

static inline int move_lesson(int from, int to)
{
	int one = state_lesson(from), other = state_lesson(to);

	return one > other ? one : other;
}

#endif
