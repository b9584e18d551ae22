#ifndef MAILSLOT_H
#define MAILSLOT_H

#include "lessons/07-cond/cond.h"

/* A slot for one letter. The tests make it: empty, with both conds ready. */
struct mailslot {
	const char *letter;  /* NULL: the slot is empty */
	struct cond filled;  /* for those who wait for a letter */
	struct cond emptied; /* for those who wait for an empty slot */
};

/*
 * Waits while there is a letter in the slot, then puts one there.
 * Returns 0; -1 when the wait failed: the slot is as it was.
 */
int mailslot_put(struct mailslot *m, const char *letter);

/*
 * Waits while the slot is empty, then takes the letter out of it.
 * Returns the letter; NULL when the wait failed.
 */
const char *mailslot_take(struct mailslot *m);

#endif
