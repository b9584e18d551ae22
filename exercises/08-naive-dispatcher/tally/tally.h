#ifndef TALLY_H
#define TALLY_H

#include "lessons/07-cond/parking.h"

/* What resumes were good for. */
struct tally {
	long useful; /* they let a coroutine go on */
	long wasted; /* of one that still had to wait */
};

/*
 * Resumes the coroutines ids[0] to ids[count - 1] in turn, round after round,
 * until all have ended. Those who wait are parked by P (parking_open()).
 *
 * Returns 0 when all have ended; -1 with EDEADLK when a round has gone by in
 * which every resume was wasted. Either way *t holds the resumes that this call
 * has made; one that was refused is neither useful nor wasted.
 */
int tally(struct schedule *S, struct parking *P, const int ids[], int count,
	  struct tally *t);

#endif
