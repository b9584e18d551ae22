/* WRONG ON PURPOSE: the places of a line lie on the stacks of those who wait,
 * and two who share a stack stand at the same address. */
#include "turns.h"

#include <stdio.h>

#ifndef STACKS
#define STACKS 1
#endif

enum { PEOPLE = 2 };

//! [line]
struct place {
	const char *who;
	int woken;
	struct place *next;
};

static struct place *first, *last; /* the line */

static void wait_in_line(struct schedule *S, struct place *me)
{
	if (last == NULL)
		first = me;
	else
		last->next = me;
	last = me;
	while (!me->woken)
		coroutine_yield(S);
}
//! [line]

//! [guest]
static void guest(struct schedule *S, void *ud)
{
#ifdef MENDED
	static struct place places[PEOPLE]; /* on no stack at all */
	struct place *me = &places[coroutine_running(S)];
#else
	struct place mine, *me = &mine;
#endif
	*me = (struct place){ ud, 0, NULL };
	wait_in_line(S, me);
	printf("%s was woken\n", me->who);
}
//! [guest]

int main(void)
{
	static char ann[] = "Ann", bob[] = "Bob";
	struct coroutine_options options = { PEOPLE, 0, STACKS };
	struct schedule *S = coroutine_open_with(&options);
	struct place *place;
	int i, left;

	if (S == NULL)
		return 1;
	coroutine_resume(S, coroutine_new(S, guest, ann));
	coroutine_resume(S, coroutine_new(S, guest, bob));
	printf("the line:");
	for (i = 0, place = first; place && i < 5; i++, place = place->next)
		printf(" %s", place->who);
	printf("%s\n", place ? " and so on" : "");
	for (i = 0, place = first; place && i < 5; i++, place = place->next)
		place->woken = 1;
	left = run_all(S, PEOPLE);
	printf("waiting for ever: %d\n", left);
	coroutine_close(S);
	return left > 0;
}
