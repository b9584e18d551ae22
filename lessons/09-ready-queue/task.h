/*
 * What dispatcher.c and waiter.c share: the record of a coroutine, and the
 * dispatcher itself. Nobody else includes this.
 */
#ifndef COROUTINE_TASK_H
#define COROUTINE_TASK_H

#include "waiter.h"

#include <errno.h>

enum { NOTHING = -1 }; /* the wish of a task that means to go on */

/* A coroutine of the dispatcher, in its slot: one record, which ends in the parts
 * that other modules have reserved. */
struct task {
	struct waiter waiter; /* first: a pointer to it is one to the task */
	struct task *joiner;
	dispatcher_func func;
	void *ud; /* for func; after the end, the result */
	/* What every wait touches, together. */
	struct dispatcher *D;
	struct task *next; /* in the ready queue, or in the list of free ones */
	const char *what;  /* parked: for what it waits */
	int id;
	int coroutine; /* its id in the schedule */
	int state;
	int error;     /* how its last wait ended */
	int interrupt; /* how every wait ends from now on; 0: as it may */
	int expired;   /* the same, by its deadline */
	int shields;   /* while there are any, neither counts */
	int detached;
	char name[DISPATCHER_NAME];
};

/* A part of every record, and who wants to know when its coroutine has ended. */
struct part {
	size_t offset; /* 0: none */
	size_t size;
	waiter_ended ended;
	void *ud;
	int released; /* free for another one of this size */
};

struct dispatcher {
	struct parking parking; /* first, as above */
	struct schedule *S;
	char *records;
	size_t record_size;
	struct part parts[WAITER_PARTS];
	int slots;
	int own_stacks;      /* each slot has one */
	int fresh;           /* slots from here on have never been used */
	int alive;           /* tasks that have not ended */
	struct task *vacant; /* free slots that have been used */
	struct task *first;  /* the ready queue */
	struct task *last;
	int ready; /* how many are in it */
	int left;  /* how many of them still belong to this round */
	struct task *running;
	struct task *next; /* to whom control is on its way */
	int wish;          /* what the running one will be; NOTHING: running */
	unsigned turns;    /* how often somebody has begun to run */
	int interrupt;     /* of all; as a task's */
	int inside;        /* in a round, in the source, in the tracer */
	int running_on;    /* rounds follow each other: dispatcher_run() */
	int stopped;       /* but not beyond this one */
	int error;         /* why a round could not begin */
	dispatcher_news news;
	void *news_ud;
	dispatcher_tracer tracer;
	void *tracer_ud;
};

static inline int refuse(int error)
{
	errno = error;
	return -1;
}

static inline void *refuse_null(int error)
{
	errno = error;
	return NULL;
}

/* The task in a slot, living or not. */
static inline struct task *task_at(const struct dispatcher *D, int slot)
{
	return (struct task *)(D->records + (size_t)slot * D->record_size);
}

static inline int task_is_alive(const struct task *t)
{
	return t->state != DISPATCHER_GONE && t->state != DISPATCHER_ENDED;
}

/* The task of an id; NULL with ESRCH or EINVAL. */
struct task *task_of(struct dispatcher *D, int id);

/* The parked task is ready again; its wait ends with `error`, or well. Returns 0
 * when it was not parked. */
int task_wake(struct task *t, int error);

/* The running task leaves, and is `wish` until it is back; -1: it could not. */
int task_step_aside(struct task *me, int wish);

/* Whether a state is one in which something is waited for. */
int task_waits_in(int state);

/* The task has ended: tells all who have a part of its record. */
void task_tell_end(struct task *t);

/* Bytes, rounded up so that any type can follow them. */
size_t task_aligned(size_t size);

/* The dispatcher as a parking. */
extern const struct parking task_parking;

#endif
