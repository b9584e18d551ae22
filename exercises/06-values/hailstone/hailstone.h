/* Shared by your answer and its test. */
#ifndef HAILSTONE_H
#define HAILSTONE_H

#include "coroutine.h"

struct hailstone {
	int start;  /* where the flight begins, 1 or more; leave it alone */
	int number; /* yours: a place for the number you hand out */
};

/* A coroutine: hands out pointers to the numbers of one flight. */
void hailstone(struct schedule *S, void *ud);

#endif
