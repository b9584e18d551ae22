/* A needs B, and B needs C: to the caller against to the scheduler. A stack for
 * each, or as many as ./two_ways is told. */
#include "counted.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 3 };

static int ids[COUNT];

static int place(struct schedule *S)
{
	int me = 0;

	while (ids[me] != coroutine_running(S))
		me++;
	return me;
}

//! [caller]
static void asks_directly(struct schedule *S, void *ud)
{
	int me = place(S);

	(void)ud;
	if (me + 1 < COUNT)
		coroutine_resume(S, ids[me + 1]);
	printf(" %c", 'A' + me);
}
//! [caller]

//! [scheduler]
static int ready[2 * COUNT], count; /* whom the loop resumes, last one first */

static void asks_the_loop(struct schedule *S, void *ud)
{
	int me = place(S);

	(void)ud;
	if (me + 1 < COUNT) {
		ready[count++] = ids[me];
		ready[count++] = ids[me + 1];
		coroutine_yield(S);
	}
	printf(" %c", 'A' + me);
}
//! [scheduler]

static int run(const char *way, coroutine_func func, int stacks)
{
	struct coroutine_options options = { COUNT, 0, stacks };
	struct schedule *S = coroutine_open_with(&options);

	if (S == NULL)
		return 1;
	for (int i = 0; i < COUNT; i++)
		ids[i] = coroutine_new(S, func, NULL);
	switches = 0;
	printf("%-17s finished:", way);
	ready[count++] = ids[0];
	while (count > 0)
		coroutine_resume(S, ready[--count]);
	printf(", %d switches\n", switches);
	return coroutine_close(S);
}

int main(int argc, char **argv)
{
	int stacks = argc > 1 ? atoi(argv[1]) : COUNT;

	return run("to the caller,", asks_directly, stacks) |
	       run("to the scheduler,", asks_the_loop, stacks);
}
