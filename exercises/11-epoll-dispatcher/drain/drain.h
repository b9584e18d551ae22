#ifndef DRAIN_H
#define DRAIN_H

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

enum { DRAIN_PIECE = 16 };

/* What drain() returns, beside -1. */
enum { DRAIN_END = 0, DRAIN_AGAIN = 1 };

/* Takes `count` bytes; they are there during the call only. */
typedef void (*drain_take)(void *ud, const char *bytes, size_t count);

/* read(2), as the test lets you see it. */
ssize_t drain_read(int fd, void *bytes, size_t size);

/*
 * Reads all that there is from a non-blocking descriptor, in pieces of up to
 * DRAIN_PIECE bytes, and hands over each piece. Returns DRAIN_AGAIN when nothing
 * is left, DRAIN_END when the other side has ended, -1 with errno for an error.
 */
int drain(int fd, drain_take take, void *ud);

#endif
