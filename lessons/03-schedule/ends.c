/* What resume returns, when a coroutine ends, and what becomes of its slot. */
#include <stdio.h>

#include "coroutine.h"

enum { SLOTS = 2, LIVES = 1000 };

//! [turns]
static void three_turns(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield(S);
	coroutine_yield(S);
}

static void show_returns(struct schedule *S, int id)
{
	for (int turn = 1; turn <= 4; turn++) {
		int now = coroutine_resume(S, id);

		printf("resume %d returns %s\n", turn,
		       now < 0 ? "-1" : coroutine_status_name(now));
	}
}
//! [turns]

//! [lives]
static int live_and_end(struct schedule *S)
{
	int ended = 0;

	for (int life = 0; life < LIVES; life++) {
		int id = coroutine_new(S, three_turns, NULL);

		while (coroutine_resume(S, id) == COROUTINE_SUSPEND)
			;
		ended += id >= 0;
	}
	return ended;
}
//! [lives]

int main(void)
{
	//! [open]
	struct coroutine_options options = { .slots = SLOTS };
	struct schedule *S = coroutine_open_with(&options);
	//! [open]

	if (S == NULL)
		return 1;
	int first = coroutine_new(S, three_turns, NULL);

	show_returns(S, first);
	int next = coroutine_new(S, three_turns, NULL);
	printf("the first had id %d and is %s; id %d is %s\n", first,
	       coroutine_status_name(coroutine_status(S, first)), next,
	       coroutine_status_name(coroutine_status(S, next)));
	printf("%d lived and ended in the other slot\n", live_and_end(S));
	return coroutine_close(S);
}
