/* Misconception: only who takes has to wait; who puts can always put. */
/* Rejected by: who finds a letter in the slot waits */
#include <stddef.h>

#include "mailslot.h"

int mailslot_put(struct mailslot *m, const char *letter)
{
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
