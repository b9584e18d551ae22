/* Misconception: only a new letter is news; an empty slot is not. */
/* Rejected by: letters arrive in their order, all of them */
#include <stddef.h>

#include "mailslot.h"

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
	return letter;
}
