/* Misconception: who has got bytes need not hear of the end. */
/* Rejected by: the end of the other side is told */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count;
	int some = 0;

	for (;;) {
		count = drain_read(fd, bytes, sizeof bytes);
		if (count > 0) {
			take(ud, bytes, (size_t)count);
			some = 1;
		} else if (count == 0)
			return some ? DRAIN_AGAIN : DRAIN_END;
		else if (errno == EAGAIN)
			return DRAIN_AGAIN;
		else if (errno != EINTR)
			return -1;
	}
}
