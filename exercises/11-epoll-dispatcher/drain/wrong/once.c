/* Misconception: an event stands for one read. */
/* Rejected by: all that has come is handed over */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count = drain_read(fd, bytes, sizeof bytes);

	if (count > 0)
		take(ud, bytes, (size_t)count);
	if (count == 0)
		return DRAIN_END;
	if (count == -1 && errno != EAGAIN && errno != EINTR)
		return -1;
	return DRAIN_AGAIN;
}
