/*
 * Park and wake, on which all waiting is built; what ends a wait from outside;
 * and the parts of a coroutine's record that other modules keep.
 */
#include "task.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Park and wake ------------------------------------------------------- */

struct waiter *waiter_self(struct dispatcher *D)
{
	if (D == NULL)
		return refuse_null(EINVAL);
	if (D->running == NULL ||
	    coroutine_running(D->S) != D->running->coroutine)
		return refuse_null(EPERM); /* outside, or in a generator */
	return &D->running->waiter;
}

struct waiter *waiter_of(struct dispatcher *D, int id)
{
	struct task *t = task_of(D, id);

	if (t == NULL)
		return NULL;
	return task_is_alive(t) ? &t->waiter : refuse_null(ESRCH);
}

static int may_wait_as(int state)
{
	return dispatcher_status_name(state) != NULL &&
	       (task_waits_in(state) || state == DISPATCHER_READY);
}

/* How every wait of the task ends now; 0: as it may. */
static int reason(const struct task *t)
{
	if (t->shields > 0)
		return 0;
	if (t->interrupt)
		return t->interrupt;
	return t->D->interrupt ? t->D->interrupt : t->expired;
}

int waiter_park(struct waiter *w, int state, const char *what)
{
	struct task *me = (struct task *)w;

	if (me == NULL || !may_wait_as(state) || what == NULL)
		return refuse(EINVAL);
	if (&me->waiter != waiter_self(me->D) || !coroutine_yieldable(me->D->S))
		return refuse(EPERM);
	if (state != DISPATCHER_READY && reason(me))
		return refuse(reason(me));
	me->what = what;
	me->error = 0;
	if (task_step_aside(me, state) == -1)
		return -1;
	return me->error ? refuse(me->error) : 0;
}

int waiter_wake(struct waiter *w, int error)
{
	return task_wake((struct task *)w, error);
}

/* Something has struck that ends waits, or was taken back. */
static int strike(struct task *t)
{
	return reason(t) ? task_wake(t, reason(t)) : 0;
}

int waiter_expire(struct waiter *w, int error)
{
	((struct task *)w)->expired = error;
	return strike((struct task *)w);
}

int dispatcher_park(struct dispatcher *D, int state, const char *what)
{
	struct waiter *me;

	if (D == NULL || state == DISPATCHER_READY)
		return refuse(EINVAL);
	me = waiter_self(D);
	return me == NULL ? -1 : waiter_park(me, state, what);
}

int dispatcher_yield(struct dispatcher *D)
{
	struct waiter *me = waiter_self(D);

	return me == NULL ? -1 : waiter_park(me, DISPATCHER_READY, "");
}

int dispatcher_wake(struct dispatcher *D, int id, int error)
{
	struct task *t = task_of(D, id);

	return t == NULL ? -1 : task_wake(t, error);
}

int dispatcher_interrupt_all(struct dispatcher *D, int error)
{
	int woken = 0;

	if (D == NULL)
		return refuse(EINVAL);
	D->interrupt = error;
	for (int slot = 0; slot < D->fresh; slot++)
		woken += strike(task_at(D, slot));
	return woken;
}

int dispatcher_interrupt(struct dispatcher *D, int id, int error)
{
	struct task *t = task_of(D, id);

	if (t == NULL)
		return -1;
	t->interrupt = error;
	return error ? strike(t) : 0;
}

int dispatcher_interrupted(struct dispatcher *D, int id)
{
	struct task *t = task_of(D, id);

	return t == NULL ? -1 : reason(t);
}

int dispatcher_shield(struct dispatcher *D)
{
	struct task *me = (struct task *)waiter_self(D);

	if (me == NULL)
		return -1;
	me->shields++;
	return 0;
}

int dispatcher_unshield(struct dispatcher *D)
{
	struct task *me = (struct task *)waiter_self(D);

	if (me == NULL)
		return -1;
	if (me->shields == 0)
		return refuse(EPERM);
	me->shields--;
	return 0;
}

/* ---- The parts of a record ----------------------------------------------- */

void task_tell_end(struct task *t)
{
	struct part *p = t->D->parts;

	for (int i = 0; i < WAITER_PARTS; i++)
		if (p[i].ended != NULL)
			p[i].ended(p[i].ud, (char *)t + p[i].offset);
}

static struct part *find_part(struct dispatcher *D, size_t size)
{
	for (struct part *p = D->parts; p < D->parts + WAITER_PARTS; p++)
		if (p->released && p->size == size)
			return p;
	if (D->fresh > 0)
		return refuse_null(EBUSY);
	for (struct part *p = D->parts; p < D->parts + WAITER_PARTS; p++)
		if (p->offset == 0 || p->released)
			return p;
	return refuse_null(ENOSPC);
}

/* Makes every record longer; nobody has one yet. */
static int lengthen(struct dispatcher *D, size_t size)
{
	size_t longer = D->record_size + size;
	char *records = longer < size || longer > SIZE_MAX / (size_t)D->slots
				? NULL
				: calloc((size_t)D->slots, longer);

	if (records == NULL)
		return refuse(ENOMEM);
	free(D->records);
	D->records = records;
	D->record_size = longer;
	return 0;
}

size_t task_aligned(size_t size)
{
	size_t unit = sizeof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

int waiter_reserve(struct dispatcher *D, size_t size, waiter_ended ended,
		   void *ud)
{
	struct part *p;
	size_t offset;
	int reuse;

	if (D == NULL || size == 0 || size > SIZE_MAX / 2)
		return refuse(EINVAL);
	p = find_part(D, size);
	if (p == NULL)
		return -1;
	reuse = p->released && p->size == size;
	offset = reuse ? p->offset : D->record_size;
	if (!reuse && lengthen(D, task_aligned(size)) == -1)
		return -1;
	*p = (struct part){ offset, size, ended, ud, 0 };
	return (int)(p - D->parts);
}

void waiter_release(struct dispatcher *D, int part)
{
	struct part *p = &D->parts[part];

	for (int slot = 0; slot < D->fresh; slot++) {
		struct task *t = task_at(D, slot);

		if (p->ended != NULL && task_is_alive(t))
			p->ended(p->ud, (char *)t + p->offset);
		memset((char *)t + p->offset, 0, p->size);
	}
	p->ended = NULL;
	p->released = 1;
}

void *waiter_part(struct waiter *w, int part)
{
	return (char *)w + ((struct task *)w)->D->parts[part].offset;
}

unsigned waiter_turns(const struct dispatcher *D)
{
	return D ? D->turns : 0;
}

int waiter_inside(struct dispatcher *D)
{
	return D != NULL && (D->inside || coroutine_running(D->S) != -1);
}

int waiter_slots(const struct dispatcher *D)
{
	return D ? D->slots : refuse(EINVAL);
}

/* What a cond wants of us, said in our own words. */
//! [parking]
static struct waiter *parking_self(struct parking *P)
{
	return waiter_self((struct dispatcher *)P);
}

static int parking_park(struct parking *P, struct waiter *me, const char *what)
{
	(void)P;
	return waiter_park(me, DISPATCHER_ON_COND, what);
}

static int parking_wake(struct parking *P, struct waiter *who)
{
	(void)P;
	return waiter_wake(who, 0);
}

const struct parking task_parking = { parking_self, parking_park,
				      parking_wake };
//! [parking]
