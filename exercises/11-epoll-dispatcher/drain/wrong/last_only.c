/* Misconception: what counts is what the last read has brought. */
/* Rejected by: all that has come is handed over */
#include "drain.h"

int drain(int fd, drain_take take, void *ud)
{
	char bytes[DRAIN_PIECE];
	ssize_t count, last = 0;
	int error;

	while ((count = drain_read(fd, bytes, sizeof bytes)) > 0 ||
	       (count == -1 && errno == EINTR))
		if (count > 0)
			last = count;
	error = errno;
	if (last > 0)
		take(ud, bytes, (size_t)last);
	errno = error;
	if (count == 0)
		return DRAIN_END;
	return errno == EAGAIN ? DRAIN_AGAIN : -1;
}
