/* Misconception: EINTR is an error like the others. */
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
		else
			return errno == EAGAIN ? DRAIN_AGAIN : -1;
	}
}
