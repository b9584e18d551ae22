/* Misconception: what is read is a string. */
/* Rejected by: a byte of zero is a byte */
#include "drain.h"

#include <string.h>

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE + 1];
	ssize_t count;

	for (;;) {
		count = drain_read(fd, bytes, DRAIN_PIECE);
		if (count > 0) {
			bytes[count] = '\0';
			take(ud, bytes, strlen(bytes));
		} else if (count == 0)
			return DRAIN_END;
		else if (errno == EAGAIN)
			return DRAIN_AGAIN;
		else if (errno != EINTR)
			return -1;
	}
}
