/* Timers that the slots cannot tell apart: too far off, and passed already. */
#include <stdio.h>
#include <string.h>

#include "wheel.h"

enum { NOW = 1000 };

/* Turns the wheel by a millisecond at a time until the timer rings. Of the
 * steps, one for each slot is the wheel's; the others were spent on the timer,
 * two for each time that it was put in and taken out. */
static int show(long long after)
{
	struct wheel_node node;
	struct wheel w;
	long long ms = NOW;

	memset(&node, 0, sizeof node);
	if (wheel_init(&w, NOW) == -1)
		return 1;
	wheel_add(&w, &node, NOW + after);
	while (wheel_turn(&w, ms) == NULL)
		ms++;
	printf("set for %6lld ms: rings after %6lld ms, times put in: %lld\n",
	       after, ms - NOW, ((long long)w.steps - (ms - NOW)) / 2);
	wheel_free(&w);
	return 0;
}

int main(void)
{
	return show(40000) | show(60000) | show(90000) | show(150000) |
	       show(-5);
}
