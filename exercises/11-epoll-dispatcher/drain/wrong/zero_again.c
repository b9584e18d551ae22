/* Misconception: 0 means that nothing has come yet. */
/* Rejected by: the end of the other side is told */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0)
			take(ud, bytes, (size_t)count);
		else if (count == 0 || errno == EAGAIN)
			return DRAIN_AGAIN;
		else if (errno != EINTR)
			return -1;
	}
}
