/**
 * @file
 * The naive dispatcher: it resumes everyone in turn until all are done.
 *
 * It knows nothing of waiting. Who waits on a cond is resumed in every round
 * all the same, looks, and yields again: its switches grow with the number of
 * waiters, not with the number of events. It counts both kinds, so that you see
 * what lesson 09 saves.
 *
 * (The idea is the naive dispatcher of the notes this course grew from.)
 *
 * Waiting calls of its coroutines, such as cond_wait(), go through
 * naive_parking(). A coroutine that steps aside for a moment calls
 * coroutine_yield().
 */
#ifndef NAIVE_H
#define NAIVE_H

#include "../07-cond/parking.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A naive dispatcher: opaque, made by naive_open(). */
struct naive;

/** What its switches were good for; one resume is one switch. */
struct naive_counts {
	long rounds; /**< how often it went through all */
	long useful; /**< resumes that let a coroutine go on */
	long wasted; /**< resumes of one that still had to wait */
};

/**
 * Opens a naive dispatcher.
 * @param S the schedule in which it makes its coroutines; stays the caller's,
 *          and must be closed before naive_close() when some have not ended
 * @return the dispatcher, owned by the caller until naive_close(); NULL with
 *         - EINVAL: S is NULL
 *         - ENOMEM: no memory
 */
struct naive *naive_open(struct schedule *S);

/**
 * Closes a naive dispatcher and frees what it owns.
 * @param N NULL is allowed and does nothing
 * @return 0; -1 with EBUSY from inside of naive_run()
 */
int naive_close(struct naive *N);

/**
 * Makes a coroutine that naive_run() resumes, after all that were made before
 * it; one made during a round first runs in the next. May allocate.
 * @param N    the dispatcher
 * @param func what it runs
 * @param ud   handed to func; stays the caller's
 * @return the id of the coroutine; -1 with
 *         - EAGAIN or EINVAL as in coroutine_new(); EINVAL: N is NULL
 *         - ENOMEM: no memory to note it; it was not made
 */
int naive_spawn(struct naive *N, coroutine_func func, void *ud);

/**
 * Resumes everyone in turn, round after round, until all have ended.
 * @param N the dispatcher
 * @return 0 when all have ended; -1 with
 *         - EDEADLK: a whole round went by in which everyone had to wait, so
 *           nobody is left who could wake anybody; they stay as they are
 *         - EBUSY: a coroutine of the schedule runs (a call from inside)
 *         - EINVAL: N is NULL
 */
int naive_run(struct naive *N);

/**
 * Who parks and wakes the coroutines of this dispatcher, for cond_init().
 * Only coroutines made by naive_spawn() may wait: the looks of a generator that
 * one of them resumes would count as its own.
 * @param N the dispatcher
 * @return the parking, which is the dispatcher's; NULL with EINVAL when N is
 *         NULL
 */
struct parking *naive_parking(struct naive *N);

/**
 * What the switches since naive_open() were good for.
 * @param N the dispatcher
 * @return the counts; all zero when N is NULL
 */
struct naive_counts naive_counts(const struct naive *N);

#ifdef __cplusplus
}
#endif

#endif
