/* Shared by your answer and its test. */
#ifndef AVERAGE_H
#define AVERAGE_H

#include "coroutine.h"

struct average {
	double answer; /* yours: a place for the average you hand out */
};

/* A coroutine: numbers in, averages out. */
void average(struct schedule *S, void *ud);

#endif
