/*
 * Parking by yielding: a parked coroutine yields until it finds that it has
 * been woken. Nobody has to know who waits, so any loop will do; and every look
 * in vain costs a switch there and back.
 */
#include "parking.h"

#include <errno.h>
#include <stdlib.h>

/* One who waits. On the heap: a coroutine's own stack is somebody else's while
 * it sleeps, and the line must be readable just then. */
struct seat {
	struct waiter waiter; /* first: a pointer to it is one to the seat */
	int woken;
	struct seat *next_idle;
	struct seat *next;
};

struct by_yield {
	struct parking parking; /* first, as above */
	struct schedule *S;
	struct seat *idle; /* seats that nobody sits on */
	struct seat *all;
	long vain;
};

/* The first idle seat; a new one only when there is none. park() takes it. */
static struct waiter *self(struct parking *P)
{
	struct by_yield *B = (struct by_yield *)P;
	struct seat *seat;

	if (coroutine_running(B->S) == -1) {
		errno = EPERM;
		return NULL;
	}
	if (B->idle == NULL) {
		seat = calloc(1, sizeof *seat);
		if (seat == NULL)
			return NULL;
		seat->next = B->all;
		B->all = B->idle = seat;
	}
	return &B->idle->waiter;
}

//! [park]
static int park(struct parking *P, struct waiter *me, const char *what)
{
	struct by_yield *B = (struct by_yield *)P;
	struct seat *seat = (struct seat *)me;
	int result;

	(void)what; /* a loop that resumes everyone asks nobody */
	B->idle = seat->next_idle;
	seat->woken = 0;
	result = coroutine_yield(B->S);
	while (result == 0 && !seat->woken) {
		B->vain++;
		result = coroutine_yield(B->S);
	}
	seat->next_idle = B->idle;
	B->idle = seat;
	return result;
}

static int wake(struct parking *P, struct waiter *who)
{
	struct seat *seat = (struct seat *)who;

	(void)P;
	if (seat->woken)
		return 0;
	seat->woken = 1;
	return 1;
}
//! [park]

struct parking *parking_open(struct schedule *S)
{
	struct by_yield *B;

	if (S == NULL) {
		errno = EINVAL;
		return NULL;
	}
	B = calloc(1, sizeof *B);
	if (B == NULL)
		return NULL;
	B->parking = (struct parking){ self, park, wake };
	B->S = S;
	return &B->parking;
}

void parking_close(struct parking *P)
{
	struct by_yield *B = (struct by_yield *)P;
	struct seat *seat;

	if (B == NULL)
		return;
	while ((seat = B->all) != NULL) {
		B->all = seat->next;
		free(seat);
	}
	free(B);
}

long parking_vain(const struct parking *P)
{
	return ((const struct by_yield *)P)->vain;
}
