/* Shared by your answer and its test. */
#ifndef MERGE_H
#define MERGE_H

#include "coroutine.h"

struct merge {
	int left;  /* two coroutines that hand out pointers to ints, */
	int right; /* smallest first, and end */
};

/* A coroutine: hands on the numbers of both, smallest first. */
void merge(struct schedule *S, void *ud);

#endif
