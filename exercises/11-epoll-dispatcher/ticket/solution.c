/* Exercise ticket: tell a number from the number used again. */
#include "ticket.h"

/* Why the generation is counted here, before it is used: the first one is 1, so
 * no ticket is 0, and a table of zeros has issued none. It belongs to the number
 * and outlives every use of it; so it is never reset. */
unsigned long long ticket_open(struct tickets *t, int fd)
{
	if (fd < 0 || fd >= TICKETS || t->at[fd].open)
		return 0;
	t->at[fd].open = 1;
	t->at[fd].generation++;
	/* Wide before it is shifted: an unsigned has no upper 32 bits. */
	return (unsigned long long)t->at[fd].generation << 32 | (unsigned)fd;
}

int ticket_close(struct tickets *t, int fd)
{
	if (fd < 0 || fd >= TICKETS || !t->at[fd].open)
		return -1;
	t->at[fd].open = 0;
	return 0;
}

/* Why both are asked: between close and open the generation is still that of the
 * ticket; after the open it is not. */
int ticket_fd(const struct tickets *t, unsigned long long ticket)
{
	unsigned fd = (unsigned)(ticket & 0xffffffff);

	if (fd >= TICKETS || !t->at[fd].open ||
	    t->at[fd].generation != ticket >> 32)
		return -1;
	return (int)fd;
}
