/* The same ring of turns by transfer, and by resume and yield alone. A stack
 * for each, or as many as ./symmetric is told. */
#include "counted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 3, LAPS = 4 };

static int ids[COUNT];
static char order[COUNT * LAPS + 1];

static void transfer(struct schedule *S, int id)
{
	coroutine_transfer(S, id);
}

//! [asymmetric]
static int wanted = -1; /* whom the loop is to resume; -1: nobody */

static void ask_for(struct schedule *S, int id)
{
	wanted = id;
	coroutine_yield(S);
}

static void loop(struct schedule *S, int id)
{
	for (wanted = id; wanted != -1;) {
		id = wanted;
		wanted = -1;
		coroutine_resume(S, id);
	}
}
//! [asymmetric]

struct way {
	const char *name;
	void (*go_to)(struct schedule *S, int id);
};

//! [runner]
static void runner(struct schedule *S, void *ud)
{
	const struct way *way = ud;
	int me = coroutine_running(S);

	for (;;) {
		size_t turns = strlen(order);

		order[turns] = (char)('A' + me);
		if (turns + 1 == COUNT * LAPS)
			break;
		way->go_to(S, ids[(me + 1) % COUNT]);
	}
}
//! [runner]

static int run(struct way way, int stacks)
{
	struct coroutine_options options = { COUNT, 0, stacks };
	struct schedule *S = coroutine_open_with(&options);

	if (S == NULL)
		return 1;
	memset(order, 0, sizeof order);
	switches = 0;
	for (int i = 0; i < COUNT; i++)
		ids[i] = coroutine_new(S, runner, &way);
	loop(S, ids[0]);
	printf("%-17s %s, %d switches\n", way.name, order, switches);
	return coroutine_close(S);
}

int main(int argc, char **argv)
{
	int stacks = argc > 1 ? atoi(argv[1]) : COUNT;

	return run((struct way){ "transfer:", transfer }, stacks) |
	       run((struct way){ "resume and yield:", ask_for }, stacks);
}
