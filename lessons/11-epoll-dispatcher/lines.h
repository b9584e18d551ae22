/**
 * @file
 * Lines from a descriptor: whole ones, however the bytes come in.
 *
 *     char buffer[1024], *line;
 *     struct lines in;
 *
 *     lines_init(&in, N, fd, buffer, sizeof buffer);
 *     while (lines_read(&in, &line) > 0)
 *             puts(line);
 *
 * A line ends in LF or CR LF; neither is part of it. What has come beyond it
 * waits for the next call. The rules of readiness.h hold here too.
 */
#ifndef COROUTINE_LINES_H
#define COROUTINE_LINES_H

#include "sockets.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where lines are read from; yours to place. */
struct lines {
	size_t length; /**< yours to read: bytes of the last line, without its end;
	                     it may contain zeros */
	long long
		idle; /**< yours to set: nanoseconds; when no byte comes for so
	                     long, lines_read() fails with ETIMEDOUT. 0, as
	                     lines_init() leaves it: however long it takes */
	int fd;       /**< yours to read: the descriptor */
	/* The rest is its own. */
	struct network *N;
	char *buffer;
	size_t size; /**< of the buffer */
	size_t from; /**< what has come and was not handed out: from here ... */
	size_t to;   /**< ... to here */
	int too_long; /**< the rest of a line that was too long is passed over */
};

/**
 * Begins. Reads nothing yet, and takes no memory.
 * @param l      the lines
 * @param N      the network
 * @param fd     an adopted descriptor, the caller's
 * @param buffer where lines are put together; the caller's, and on the stack of a
 *               coroutine only if that is its own (as in a loop's default)
 * @param size   bytes of it, 2 or more; a line has at most `size - 1` bytes, its
 *               end included (and counted where the last line lacks it). For lines
 *               of n bytes, whichever end they have, give n + 3
 * @return 0; -1 with EINVAL: a NULL, or no such size
 */
int lines_init(struct lines *l, struct network *N, int fd, char *buffer,
	       size_t size);

/**
 * Reads a line. **May suspend**, often; each line counts as a call of the
 * coroutine's turn (readiness.h), even if it has come already.
 * @param l    the lines
 * @param line where its address goes: inside of the buffer, with a zero in place
 *             of its end; good until the next call
 * @return how many bytes it took, with its end: 1 or more, so that an empty line
 *         is no end; 0: the end. (The last line may lack its LF.) -1 with
 *         - EMSGSIZE: a line is too long. It is passed over, and the next call
 *           goes on with the one after it
 *         - ETIMEDOUT: `idle` has passed, or the deadline
 *         - another error as in socket_read(); nothing is lost, call it again
 */
ssize_t lines_read(struct lines *l, char **line);

#ifdef __cplusplus
}
#endif

#endif
