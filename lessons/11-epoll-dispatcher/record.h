/*
 * What readiness.c knows of a descriptor, and who stands in its line. For
 * readiness.c, until.c and loop.c alone.
 */
#ifndef COROUTINE_RECORD_H
#define COROUTINE_RECORD_H

#include "readiness.h"

enum {
	BATCH = 256, /* reports taken at once */
	WORDS = 40,  /* "2147483647 to be readable or writable" */
	BOTH = POLLER_READ | POLLER_WRITE
};

/* A place in the line of one descriptor. */
struct place {
	struct place *next, *previous;
	struct record *record;
	unsigned long long token; /* of the record, when the wait began */
	int want;
	struct waiter *who; /* NULL: a watch, in which nobody waits */
	/* NULL, or called at each report: 0: the coroutine is to be woken. */
	int (*serve)(struct place *p);
	/* For serve, which has to find all of it off the coroutine's stack. */
	struct network *N;
	int (*work)(void *ud);
	void *ud;
	int done;
};

/* What is known of a descriptor number; kept for the next who has it. */
struct record {
	unsigned long long token; /* 0: not adopted now */
	int ready;                /* worth a try; POLLER_END: see
				     socket_spent() */
	int is_tcp;
	struct place line; /* its first and last; alone: links to itself */
	char words[BOTH][WORDS];
};

struct poll_list; /* of socket_wait_any() */

struct network {
	struct dispatcher *D;
	struct timer *T;
	struct poller *poller;
	int part;                /* of each coroutine's record: its seat */
	struct record **records; /* by number; they never move */
	int room;
	int waiting;   /* how many coroutines are parked here */
	int watches;   /* places in which nobody waits */
	int working;   /* how much work of socket_until() runs */
	int forks;     /* how many there had been when it was opened */
	unsigned turn; /* whose calls these are: waiter_turns() */
	int calls;     /* in that turn */
	size_t bytes;  /* moved by them */
	unsigned long long adopted;
	struct pollfd *looks; /* for look() */
	int looks_room;
	struct poller_event events[BATCH];
};

/* The record of an adopted descriptor; NULL with EBADF or EINVAL. */
struct record *network_record(struct network *N, int fd);

/* The running coroutine's place for a wait at one descriptor. */
struct place *network_place(struct network *N, struct waiter *me);

/* Stands in the line of a descriptor, and tells the poller so. -1: it has
 * failed, and nothing is left. */
int network_stand_in(struct network *N, struct place *p, struct record *r,
		     int fd, int want);

/* Stands in the line of a descriptor for reading, for good, with no coroutine:
 * serve is called at each report, and returns 1. p->ud is the caller's. */
int network_watch(struct network *N, struct place *p, int fd,
		  int (*serve)(struct place *p));

/* To be called before each call: a coroutine that always finds something to do lets
 * the others have a turn. May suspend; descriptors may be closed by then. -1: the
 * turn is over, and the coroutine is interrupted. */
int network_take_turn(struct network *N);

/* Leaves the line. Returns what the wait has returned; -1 with ECANCELED when the
 * descriptor has been closed meanwhile. */
int network_step_out(struct network *N, struct place *p, int result);

#endif
