/* Exercise heads: find the requests in a stream of bytes. */
#include "heads.h"

static const char empty_line[] = "\r\n\r\n";

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* Bytes of the first head; 0: it is not all there. Why memcmp and no string
 * function: a zero byte is a byte, and what is in use ends with `count`. */
static size_t first_head(const struct heads *h)
{
	for (size_t end = 4; end <= h->count; end++)
		if (memcmp(h->bytes + end - 4, empty_line, 4) == 0)
			return end;
	return 0;
}

/* Why it looks before it reads: a client that has sent two requests waits for
 * two answers, and sends no more. Why it looks before it refuses: the last byte
 * that there is room for may be the one that ends the head. */
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
	memcpy(head, h->bytes, size);
	h->count -= size;
	memmove(h->bytes, h->bytes + size, h->count); /* they overlap */
	return (long)size;
}
