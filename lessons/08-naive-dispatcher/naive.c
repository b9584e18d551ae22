/*
 * The naive dispatcher: a list of coroutines, and a loop that resumes them all.
 */
#include "naive.h"

#include <errno.h>
#include <stdlib.h>

struct naive {
	struct schedule *S;
	struct parking *parking;
	int *ids; /* all that have not ended, in the order they were made */
	int count;
	int room;
	int running; /* inside naive_run() */
	long rounds;
	long resumes;
};

static int refuse(int error)
{
	errno = error;
	return -1;
}

struct naive *naive_open(struct schedule *S)
{
	struct naive *N;

	if (S == NULL) {
		errno = EINVAL;
		return NULL;
	}
	N = calloc(1, sizeof *N);
	if (N == NULL)
		return NULL;
	N->S = S;
	N->parking = parking_open(S);
	if (N->parking == NULL) {
		free(N);
		return NULL;
	}
	return N;
}

int naive_close(struct naive *N)
{
	if (N == NULL)
		return 0;
	if (N->running)
		return refuse(EBUSY);
	parking_close(N->parking);
	free(N->ids);
	free(N);
	return 0;
}

int naive_spawn(struct naive *N, coroutine_func func, void *ud)
{
	int room, *ids, id;

	if (N == NULL)
		return refuse(EINVAL);
	if (N->count == N->room) {
		room = N->room ? 2 * N->room : 16;
		ids = realloc(N->ids, (size_t)room * sizeof *ids);
		if (ids == NULL)
			return -1;
		N->ids = ids;
		N->room = room;
	}
	id = coroutine_new(N->S, func, ud);
	if (id != -1)
		N->ids[N->count++] = id;
	return id;
}

//! [round]
/* Resumes those who were there when the round began, then strikes out those
 * who have ended. Returns whether anybody got on. */
static int run_round(struct naive *N)
{
	int before = N->count, made = 0, left = 0;
	long vain = parking_vain(N->parking);

	for (int i = 0; i < before; i++)
		made += coroutine_resume(N->S, N->ids[i]) != -1;
	for (int i = 0; i < N->count; i++)
		if (coroutine_status(N->S, N->ids[i]) != COROUTINE_DEAD)
			N->ids[left++] = N->ids[i];
	N->count = left;
	N->rounds++;
	N->resumes += made;
	return parking_vain(N->parking) - vain < made;
}

int naive_run(struct naive *N)
{
	int moved = 1;

	if (N == NULL)
		return refuse(EINVAL);
	if (N->running || coroutine_running(N->S) != -1)
		return refuse(EBUSY);
	N->running = 1;
	while (N->count > 0 && moved)
		moved = run_round(N);
	N->running = 0;
	/* A round in which everyone looked in vain: so will the next. */
	return N->count == 0 ? 0 : refuse(EDEADLK);
}
//! [round]

struct parking *naive_parking(struct naive *N)
{
	if (N == NULL) {
		errno = EINVAL;
		return NULL;
	}
	return N->parking;
}

struct naive_counts naive_counts(const struct naive *N)
{
	struct naive_counts counts = { 0, 0, 0 };

	if (N == NULL)
		return counts;
	counts.rounds = N->rounds;
	counts.wasted = parking_vain(N->parking);
	counts.useful = N->resumes - counts.wasted;
	return counts;
}
