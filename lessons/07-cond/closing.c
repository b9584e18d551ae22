/* A parking by hand: who waits stands in two lists, the line of a cond and the
 * list of those who lose patience. */
#include "cond.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { GUESTS = 3 };

static const char *const names[] = { "Ann", "Bob", "Eve" };
static struct schedule *shop;
static struct cond baked;

//! [guest]
struct guest {
	struct waiter waiter; /* first: its links are for the cond's line */
	struct guest *next;   /* the link of the other list */
	int awake, reason;
};

static struct guest guests[GUESTS]; /* one for each coroutine */
static struct guest *waiting;       /* all who wait, whatever for */
//! [guest]

static struct waiter *self(struct parking *P)
{
	(void)P;
	return &guests[coroutine_running(shop)].waiter;
}

static void leave_list(const struct guest *me)
{
	struct guest **link = &waiting;

	while (*link != me)
		link = &(*link)->next;
	*link = me->next;
}

static int park(struct parking *P, struct waiter *waiter, const char *what)
{
	struct guest *me = (struct guest *)waiter;
	int result = 0;

	(void)P;
	(void)what;
	me->awake = 0;
	me->next = waiting;
	waiting = me;
	while (result == 0 && !me->awake)
		result = coroutine_yield(shop);
	leave_list(me);
	if (result == 0 && me->reason != 0) {
		errno = me->reason;
		result = -1;
	}
	return result;
}

//! [wake]
static int end_wait(struct guest *guest, int reason)
{
	if (guest->awake)
		return 0; /* a wait ends once, for one reason */
	guest->awake = 1;
	guest->reason = reason;
	return 1;
}

/* What a timer will do in lesson 10: it knows nothing of conds. */
static int lose_patience(const char *name)
{
	for (struct guest *g = waiting; g != NULL; g = g->next)
		if (strcmp(names[g - guests], name) == 0)
			return end_wait(g, ETIMEDOUT);
	return 0;
}
//! [wake]

static int wake(struct parking *P, struct waiter *waiter)
{
	(void)P;
	return end_wait((struct guest *)waiter, 0);
}

static void customer(struct schedule *S, void *ud)
{
	int result = cond_wait(&baked);

	(void)ud;
	printf("  %s: cond_wait returns %d%s\n", names[coroutine_running(S)],
	       result, result == -1 && errno == ETIMEDOUT ? " ETIMEDOUT" : "");
}

int main(void)
{
	struct parking by_hand = { self, park, wake };

	shop = coroutine_open();
	if (shop == NULL || cond_init(&baked, &by_hand, "a loaf") == -1)
		return 1;
	for (int i = 0; i < GUESTS; i++)
		coroutine_resume(shop, coroutine_new(shop, customer, NULL));
	printf("Ann loses patience: %d\n", lose_patience("Ann"));
	printf("a signal wakes %d\n", cond_signal(&baked));
	printf("Bob loses patience: %d\n", lose_patience("Bob"));
	printf("Eve loses patience: %d\n", lose_patience("Eve"));
	for (int i = 0; i < GUESTS; i++)
		coroutine_resume(shop, i);
	printf("a signal wakes %d\n", cond_signal(&baked));
	coroutine_close(shop);
	return 0;
}
