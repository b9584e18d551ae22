/* Misconception: after an error nothing of it is of use. */
/* Rejected by: after an error nothing is lost */
#include "heads.h"

static int refuse(int error)
{
	errno = error;
	return -1;
}

static size_t first_head(const struct heads *h)
{
	for (size_t end = 4; end <= h->count; end++)
		if (memcmp(h->bytes + end - 4, "\r\n\r\n", 4) == 0)
			return end;
	return 0;
}

long heads_next(struct heads *h, char *head)
{
	size_t size;
	ssize_t count;

	while ((size = first_head(h)) == 0) {
		if (h->count == HEADS_MOST)
			return refuse(EMSGSIZE);
		count = heads_read(h->fd, h->bytes + h->count,
				   HEADS_MOST - h->count);
		if (count == -1) {
			h->count = 0;
			return -1;
		}
		if (count == 0)
			return h->count == 0 ? 0 : refuse(EPROTO);
		h->count += (size_t)count;
	}
	memcpy(head, h->bytes, size);
	h->count -= size;
	memmove(h->bytes, h->bytes + size, h->count);
	return (long)size;
}
