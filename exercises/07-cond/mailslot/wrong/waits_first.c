/* Misconception: to take is to wait for the signal, whatever is in the slot. */
/* Rejected by: a letter goes straight through */
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

	do {
		if (cond_wait(&m->filled) == -1)
			return NULL;
	} while (m->letter == NULL);
	letter = m->letter;
	m->letter = NULL;
	cond_signal(&m->emptied);
	return letter;
}
