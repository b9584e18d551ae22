/* Misconception: a loop that reads ends when a read fails. */
/* Rejected by: the end of the other side is told */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;

	while ((count = drain_read(fd, bytes, sizeof bytes)) != -1 ||
	       errno == EINTR)
		if (count > 0)
			take(ud, bytes, (size_t)count);
	return errno == EAGAIN ? DRAIN_AGAIN : -1;
}
