/* WRONG ON PURPOSE: the places of a line lie on the stacks of those who wait,
 * and two who share a stack stand at the same address. */
#include "turns.h"

#include <stdio.h>

enum { PEOPLE = 2 };

struct place {
	const char *who;
	int woken;
	struct place *next;
};

static struct place *first, *last; /* the line */

static void enter(struct place *me)
{
	if (last == NULL)
		first = me;
	else
		last->next = me;
	last = me;
}

static void guest(struct schedule *S, void *ud)
{
	//! [guest]
#ifdef MENDED
	static struct place places[PEOPLE]; /* on no stack at all */
	struct place *me = &places[coroutine_running(S)];
#else
	struct place mine, *me = &mine;
#endif
	*me = (struct place){ ud, 0, NULL };
	enter(me);
	while (!me->woken)
		coroutine_yield(S);
	//! [guest]
	printf("%s was woken\n", me->who);
}

/* Five names at most: the line may have no end. */
static void show_and_wake(void)
{
	struct place *place = first;

	printf("the line:");
	for (int i = 0; place != NULL && i < 5; i++, place = place->next) {
		printf(" %s", place->who);
		place->woken = 1;
	}
	printf("%s\n", place != NULL ? " and so on" : "");
}

int main(void)
{
	static char ann[] = "Ann", bob[] = "Bob";
	struct schedule *S = coroutine_open();
	int left;

	if (S == NULL)
		return 1;
	coroutine_resume(S, coroutine_new(S, guest, ann));
	coroutine_resume(S, coroutine_new(S, guest, bob));
	show_and_wake();
	left = run_all(S, PEOPLE);
	printf("waiting for ever: %d\n", left);
	coroutine_close(S);
	return left > 0;
}
