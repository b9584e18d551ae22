/* Misconception: who was signalled finds a letter, without another look. */
/* Rejected by: a letter is taken by one */
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

	if (m->letter == NULL)
		if (cond_wait(&m->filled) == -1)
			return NULL;
	letter = m->letter;
	m->letter = NULL;
	cond_signal(&m->emptied);
	return letter;
}
