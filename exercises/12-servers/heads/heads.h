#ifndef HEADS_H
#define HEADS_H

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

/* The most bytes that a head may have, its empty line included. */
enum { HEADS_MOST = 64 };

/* What has come from one client, and was not handed out yet. */
struct heads {
	int fd;
	char bytes[HEADS_MOST];
	size_t count; /* how many of them are in use */
};

/*
 * Reads what there is, and waits while there is nothing, as socket_read() does.
 * Returns how many bytes, 1 to `size`; 0: the end (or `size` is 0); -1 with
 * errno.
 */
ssize_t heads_read(int fd, void *bytes, size_t size);

/*
 * Puts the next head into `head`, which has room for HEADS_MOST bytes: all up to
 * the first empty line, and that, too. What stands behind it is kept for the next
 * call. Reads only when what has come is no whole head.
 *
 * Returns how many bytes it has; 0 when the stream ends before a head has begun;
 * -1 with
 * - EMSGSIZE: HEADS_MOST bytes have come, and there is no empty line in them
 * - EPROTO: the stream ends in the middle of a head
 * - what heads_read() said; nothing that has come is lost, and the next call
 *   may go on
 */
long heads_next(struct heads *h, char *head);

#endif
