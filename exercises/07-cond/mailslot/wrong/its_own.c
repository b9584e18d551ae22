/* Misconception: who finds the slot emptied waits on emptied. */
/* Rejected by: who finds no letter waits for one */
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
		if (cond_wait(&m->emptied) == -1)
			return NULL;
	letter = m->letter;
	m->letter = NULL;
	cond_signal(&m->emptied);
	return letter;
}
