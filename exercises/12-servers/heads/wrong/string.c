/* Misconception: what a client sends is text, and text has no zero byte. */
/* Rejected by: a byte of zero is a byte */
#include "heads.h"

static int refuse(int error)
{
	errno = error;
	return -1;
}

static size_t first_head(const struct heads *h)
{
	char text[HEADS_MOST + 1];
	const char *end;

	memcpy(text, h->bytes, h->count);
	text[h->count] = '\0';
	end = strstr(text, "\r\n\r\n");
	return end == NULL ? 0 : (size_t)(end - text) + 4;
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
	memcpy(head, h->bytes, size);
	h->count -= size;
	memmove(h->bytes, h->bytes + size, h->count);
	return (long)size;
}
