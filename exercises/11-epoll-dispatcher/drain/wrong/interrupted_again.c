/* Misconception: EINTR is the same as EAGAIN: come back later. */
/* Rejected by: an interrupted read is made again */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0)
			take(ud, bytes, (size_t)count);
		else if (count == 0)
			return DRAIN_END;
		else if (errno == EAGAIN || errno == EINTR)
			return DRAIN_AGAIN;
		else
			return -1;
	}
}
