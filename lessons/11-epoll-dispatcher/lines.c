/*
 * Lines: what has come lies in the buffer from `from` to `to`. A line that is
 * there is handed out where it lies; otherwise what there is of it moves to the
 * front, and more is read behind it.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "lines.h"
#include "record.h"

#include <errno.h>
#include <string.h>

static int refuse(int error)
{
	errno = error;
	return -1;
}

int lines_init(struct lines *l, struct network *N, int fd, char *buffer,
	       size_t size)
{
	if (l == NULL || N == NULL || buffer == NULL || size < 2)
		return refuse(EINVAL);
	*l = (struct lines){ .N = N, .fd = fd, .buffer = buffer, .size = size };
	return 0;
}

/* Hands out `count` bytes, the last `end` of which are no part of the line. */
static ssize_t hand_out(struct lines *l, char **line, size_t count, size_t end)
{
	*line = l->buffer + l->from;
	l->length = count - end;
	if (end > 0 && l->length > 0 && (*line)[l->length - 1] == '\r')
		l->length--;
	(*line)[l->length] = '\0';
	l->from += count;
	return (ssize_t)count;
}

/* Under the caller's deadline, or an earlier one if that comes first. */
static ssize_t read_in_time(struct lines *l, char *bytes, size_t size)
{
	struct timer *T = l->N->T;
	long long now, next, before;
	ssize_t count;
	int error;

	if (l->idle <= 0 || waiter_self(l->N->D) == NULL)
		return socket_read(l->N, l->fd, bytes, size);
	now = timer_now(T);
	next = l->idle < TIMER_NEVER - now ? now + l->idle : TIMER_NEVER;
	before = timer_deadline(T, next);
	if (before < next)
		timer_deadline(T, before);
	count = socket_read(l->N, l->fd, bytes, size);
	error = errno;
	timer_deadline(T, before);
	errno = error;
	return count;
}

/* Reads more, behind what is there. 0: the end; 1: there is more. */
static int read_more(struct lines *l)
{
	ssize_t count;

	memmove(l->buffer, l->buffer + l->from, l->to - l->from);
	l->to -= l->from;
	l->from = 0;
	count = read_in_time(l, l->buffer + l->to, l->size - 1 - l->to);
	if (count > 0)
		l->to += (size_t)count;
	return count > 0 ? 1 : (int)count;
}

/* The line does not fit: what there is of it goes, and so will the rest. */
static int pass_over(struct lines *l)
{
	int told = l->too_long;

	l->from = l->to = 0;
	l->too_long = 1;
	return told ? 0 : refuse(EMSGSIZE);
}

ssize_t lines_read(struct lines *l, char **line)
{
	int more = 1;
	char *end;

	if (l == NULL || line == NULL)
		return refuse(EINVAL);
	if (network_take_turn(l->N) == -1)
		return -1;
	while (more > 0) {
		size_t there = l->to - l->from;

		end = memchr(l->buffer + l->from, '\n', there);
		if (end != NULL && !l->too_long)
			return hand_out(l, line,
					(size_t)(end - l->buffer) + 1 - l->from,
					1);
		if (end != NULL) {
			l->from = (size_t)(end - l->buffer) + 1;
			l->too_long = 0;
		} else if (there == l->size - 1 || l->too_long) {
			if (pass_over(l) == -1)
				return -1;
			more = read_more(l);
		} else {
			more = read_more(l);
		}
	}
	if (more == -1 || l->from == l->to || l->too_long)
		return more;
	return hand_out(l, line, l->to - l->from, 0);
}
