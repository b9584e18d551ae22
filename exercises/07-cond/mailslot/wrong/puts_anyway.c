/* Misconception: when the wait fails, the letter must be put all the same. */
/* Rejected by: a wait that fails changes nothing */
#include <stddef.h>

#include "mailslot.h"

int mailslot_put(struct mailslot *m, const char *letter)
{
	while (m->letter != NULL)
		if (cond_wait(&m->emptied) == -1)
			break;
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
