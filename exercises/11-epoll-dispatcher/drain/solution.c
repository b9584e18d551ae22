/* Exercise drain: read until there is nothing left. */
#include "drain.h"

/* Why only EAGAIN ends it: an edge is told once. What is left unread is told
 * again only when more comes, and perhaps no more comes. A short piece proves
 * nothing: a message may end there, with another one behind it. */
int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0)
			take(ud, bytes, (size_t)count);
		else if (count == 0)
			return DRAIN_END; /* it would be 0 for ever */
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return DRAIN_AGAIN; /* from now on the next edge counts */
		else if (errno != EINTR)    /* nothing was read: once more */
			return -1;
	}
}
