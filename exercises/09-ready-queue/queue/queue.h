#ifndef QUEUE_H
#define QUEUE_H

#include "coroutine.h"

enum { QUEUE_ROOM = 8 };

/* A ready queue: a ring of ids. Behind the last place comes the first one
 * again. All zero, it is empty. */
struct queue {
	int ids[QUEUE_ROOM];
	int first; /* the place of the one who is next */
	int count; /* how many are in it */
};

/*
 * Puts a coroutine at the end of the queue. Returns 1 when this call has put
 * it there; 0 when it is in the queue already, and nothing changes; -1 when
 * the queue is full, and nothing changes.
 */
int queue_put(struct queue *q, int id);

/*
 * Takes out the one who has been in it longest. Returns its id; -1 when the
 * queue is empty.
 */
int queue_take(struct queue *q);

/*
 * A round: resumes those who are in the queue when it is called, in turn, each
 * once, and takes each out before its turn. A coroutine that wants another turn
 * puts itself (or is put by another one) into the queue during the round, and
 * waits there for the next round.
 *
 * Returns how many turns it gave: the resumes that were not refused.
 */
int queue_round(struct queue *q, struct schedule *S);

#endif
