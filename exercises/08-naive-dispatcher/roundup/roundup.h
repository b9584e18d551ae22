#ifndef ROUNDUP_H
#define ROUNDUP_H

#include "coroutine.h"

enum { ROSTER = 64 };

/* Whom a dispatcher has to resume. Coroutines may put an id at ids[count] and
 * count it while a round goes on. */
struct roster {
	int ids[ROSTER];
	int count;
};

/*
 * One round: resumes everyone who stands in the roster when it begins, once, in
 * their order; then strikes out all who are DEAD, and keeps the others in
 * theirs. Returns how many are left.
 */
int roundup(struct schedule *S, struct roster *r);

#endif
