/* Misconception: a generation is either old or good. */
/* Rejected by: what was never issued is no ticket */
#include "ticket.h"

unsigned long long ticket_open(struct tickets *t, int fd)
{
	if (fd < 0 || fd >= TICKETS || t->at[fd].open)
		return 0;
	t->at[fd].open = 1;
	t->at[fd].generation++;
	return (unsigned long long)t->at[fd].generation << 32 | (unsigned)fd;
}

int ticket_close(struct tickets *t, int fd)
{
	if (fd < 0 || fd >= TICKETS || !t->at[fd].open)
		return -1;
	t->at[fd].open = 0;
	return 0;
}

int ticket_fd(const struct tickets *t, unsigned long long ticket)
{
	unsigned fd = (unsigned)(ticket & 0xffffffff);

	if (fd >= TICKETS || !t->at[fd].open ||
	    t->at[fd].generation > ticket >> 32)
		return -1;
	return (int)fd;
}
