/* The same ring of turns by transfer, and by resume and yield alone. */
#include <stdio.h>
#include <string.h>

#include "coroutine.h"

enum { COUNT = 3, LAPS = 4, NOBODY = -1 };

static int ids[COUNT];
static int switches;
static char order[COUNT * LAPS + 1];

//! [transfer]
static void transfer(struct schedule *S, int id)
{
	switches++;
	coroutine_transfer(S, id);
}
//! [transfer]

//! [asymmetric]
static int wanted = NOBODY; /* whom the loop is to resume */

static void ask_for(struct schedule *S, int id)
{
	wanted = id;
	switches++;
	coroutine_yield(S);
}

static void loop(struct schedule *S, int id)
{
	for (wanted = id; wanted != NOBODY;) {
		id = wanted;
		wanted = NOBODY;
		switches++;
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
	switches++; /* its end leads to the loop */
}
//! [runner]

static int run(struct way way)
{
	struct schedule *S = coroutine_open();

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

int main(void)
{
	return run((struct way){ "transfer:", transfer }) |
	       run((struct way){ "resume and yield:", ask_for });
}
