/* Misconception: what one read brings is one request. */
/* Rejected by: a head may come in pieces */
#include "heads.h"

long heads_next(struct heads *h, char *head)
{
	size_t size;
	ssize_t count;

	count = heads_read(h->fd, h->bytes, HEADS_MOST);
	if (count <= 0)
		return count;
	size = (size_t)count;
	memcpy(head, h->bytes, size);
	return count;
}
