/* Misconception: it is enough to note where the next head begins. */
/* Rejected by: the limit is for one head, not for all */
#include "heads.h"

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* Where the next head begins. */
static size_t start[2];

static size_t first_head(const struct heads *h)
{
	for (size_t end = start[h->fd] + 4; end <= h->count; end++)
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
		if (count == -1)
			return -1;
		if (count == 0)
			return h->count == 0 ? 0 : refuse(EPROTO);
		h->count += (size_t)count;
	}
	size -= start[h->fd];
	memcpy(head, h->bytes + start[h->fd], size);
	start[h->fd] += size;
	return (long)size;
}
