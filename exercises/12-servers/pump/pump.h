#ifndef PUMP_H
#define PUMP_H

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* The most bytes that may be on their way in the pump. */
enum { PUMP_PIECE = 16 };

/*
 * socket_read() and socket_write_some() of lesson 11, as the test lets you see them.
 * The first reads what there is, and waits while there is nothing: 1 to `size`;
 * 0: the end; -1 with errno. The second writes what there is room for, and waits
 * while there is none: 1 to `count`; -1 with errno. When they succeed, errno
 * may be anything.
 */
ssize_t pump_read(int fd, void *bytes, size_t size);
ssize_t pump_write(int fd, const void *bytes, size_t count);

/*
 * shutdown(2): ends one direction of a connection, or both. `how` is SHUT_RD: it
 * is not read any more, SHUT_WR: it is not written any more, and the other side
 * reads the end, SHUT_RDWR: both. The descriptor stays open. Returns 0; -1
 * with errno.
 */
int pump_shutdown(int fd, int how);

/*
 * Writes to `to` what it reads from `from`, until the end; then passes on the
 * end. Both stay open: there is another pump between them, the other way.
 *
 * Returns 0 when all of it, and the end, have been passed on; -1 with errno for
 * an error of either side. An error is not passed on as an end.
 */
int pump(int from, int to);

#endif
