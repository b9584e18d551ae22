/*
 * A cond is a line of waiters, first come, first served, and nothing more: who
 * runs is the parking's business.
 */
#include "cond.h"

#include <errno.h>
#include <stddef.h>

static int refuse(int error)
{
	errno = error;
	return -1;
}

static void stand_in(struct cond *c, struct waiter *w)
{
	w->cond = c;
	w->next = NULL;
	w->previous = c->last;
	if (c->last == NULL)
		c->first = w;
	else
		c->last->next = w;
	c->last = w;
}

/* From anywhere in the line: one whose time is out need not be the first. */
static void step_out(struct waiter *w)
{
	struct cond *c = w->cond;

	if (w->previous == NULL)
		c->first = w->next;
	else
		w->previous->next = w->next;
	if (w->next == NULL)
		c->last = w->previous;
	else
		w->next->previous = w->previous;
	w->cond = NULL;
}

int cond_init(struct cond *c, struct parking *P, const char *name)
{
	if (c == NULL || P == NULL || name == NULL)
		return refuse(EINVAL);
	*c = (struct cond){ P, name, NULL, NULL };
	return 0;
}

static int usable(const struct cond *c)
{
	return c != NULL && c->parking != NULL;
}

//! [wait]
int cond_wait(struct cond *c)
{
	struct waiter *me;
	int result;

	if (!usable(c))
		return refuse(EINVAL);
	me = c->parking->self(c->parking);
	if (me == NULL)
		return -1;
	stand_in(c, me);
	result = c->parking->park(c->parking, me, c->name);
	if (me->cond != NULL)
		step_out(me); /* it was no signal that ended the wait */
	return result;
}
//! [wait]

//! [signal]
int cond_signal(struct cond *c)
{
	struct waiter *w;

	if (!usable(c))
		return refuse(EINVAL);
	while ((w = c->first) != NULL) {
		step_out(w);
		if (c->parking->wake(c->parking, w))
			return 1;
		/* Something else had woken it already: the signal is not
		 * spent, and goes to the next. */
	}
	return 0;
}

/* Ends, since nobody runs meanwhile who could wait again. */
int cond_broadcast(struct cond *c)
{
	int woken = 0;

	if (!usable(c))
		return refuse(EINVAL);
	while (cond_signal(c) == 1)
		woken++;
	return woken;
}
//! [signal]
