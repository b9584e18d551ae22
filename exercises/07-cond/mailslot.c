/* Exercise mailslot: a slot for one letter, where both sides wait. */
#include <stddef.h>

#include "mailslot.h"

int mailslot_put(struct mailslot *m, const char *letter)
{
	/* TODO: wait while the slot is full; put the letter; tell somebody. */
	(void)m;
	(void)letter;
	return 0;
}

const char *mailslot_take(struct mailslot *m)
{
	/* TODO: wait while the slot is empty; take the letter; tell somebody. */
	(void)m;
	return NULL;
}
