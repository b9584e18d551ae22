/* Exercise mailslot: a slot for one letter, where both sides wait. */
#include <stddef.h>

#include "mailslot.h"

/*
 * Why while: between the signal and the turn of the one who was woken, another
 * one may come by and take the letter, or fill the slot. A signal says "look
 * again".
 *
 * Why two conds: a signal wakes one. With one line for all, the one could be
 * somebody who cannot go on, and who can would sleep for ever.
 *
 * Why the signal comes last: whoever is woken looks at the slot, so it must say
 * what is so by then. (A signal does not switch, so one line earlier would do
 * no harm here; with a call between the two that may suspend, it would.)
 *
 * Why a wait that failed returns at once: the predicate does not hold, so there
 * is nothing to take, and no room to put.
 */
int mailslot_put(struct mailslot *m, const char *letter)
{
	while (m->letter != NULL)
		if (cond_wait(&m->emptied) == -1)
			return -1;
	m->letter = letter;
	cond_signal(&m->filled);
	return 0;
}

const char *mailslot_take(struct mailslot *m)
{
	const char *letter;

	while (m->letter == NULL)
		if (cond_wait(&m->filled) == -1)
			return NULL;
	letter = m->letter;
	m->letter = NULL;
	cond_signal(&m->emptied);
	return letter;
}
