/*
 * A club keeps a list of who is in it. Each member is a local variable of its own
 * coroutine. On one stack for all that is wrong, on purpose.
 */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "dispatcher.h"

static struct cond closing;

//! [member]
struct member {
	const char *name;
	struct member *next;
};

static struct member *first;

static void *join_the_club(struct dispatcher *D, void *ud)
{
	struct member me = { ud, first };

	(void)D;
	first = &me; /* others will find us here */
	cond_wait(&closing);
	return NULL;
}
//! [member]

int main(void)
{
	static char ann[] = "ann", bob[] = "bob", cleo[] = "cleo";
	int count = 0;
//! [open]
#ifdef MENDED
	struct dispatcher *D = dispatcher_open(NULL); /* a stack each */
#else
	struct coroutine_options options = { .stacks = 1 };
	struct dispatcher *D = dispatcher_open(&options);
#endif
	//! [open]

	if (D == NULL) {
		perror("dispatcher_open");
		return 1;
	}
	cond_init(&closing, dispatcher_parking(D), "the club to close");
	dispatcher_start(D, "ann", join_the_club, ann);
	dispatcher_start(D, "bob", join_the_club, bob);
	dispatcher_start(D, "cleo", join_the_club, cleo);
	dispatcher_round(D, 0);
	printf("in the club:");
	for (struct member *m = first; m != NULL && count < 6; m = m->next) {
		printf(" %s", m->name);
		count++;
	}
	printf("%s\n", count == 6 ? " ... and so on" : "");
	dispatcher_close(D);
	return count != 3;
}
