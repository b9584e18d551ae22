/* Misconception: a read that brings less than asked was the last. */
/* Rejected by: a short piece is not the last one */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0)
			take(ud, bytes, (size_t)count);
		if (count == 0)
			return DRAIN_END;
		if (count == -1 && errno != EAGAIN && errno != EINTR)
			return -1;
		if (count < DRAIN_PIECE && !(count == -1 && errno == EINTR))
			return DRAIN_AGAIN;
	}
}
