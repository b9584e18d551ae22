/* Misconception: every -1 means: nothing there at the moment. */
/* Rejected by: an error is told as an error */
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
		else if (errno != EINTR)
			return DRAIN_AGAIN;
	}
}
