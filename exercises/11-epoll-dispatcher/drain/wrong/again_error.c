/* Misconception: -1 is an error, whatever errno says. */
/* Rejected by: when nothing is left it says so, and returns */
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
			return -1;
	}
}
