/* Misconception: a read fills the buffer. */
/* Rejected by: all that has come is handed over */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE] = "";
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0)
			take(ud, bytes, sizeof bytes);
		else if (count == 0)
			return DRAIN_END;
		else if (errno == EAGAIN)
			return DRAIN_AGAIN;
		else if (errno != EINTR)
			return -1;
	}
}
