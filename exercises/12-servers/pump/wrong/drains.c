/* Misconception: who sends must get rid of it, even if nobody takes it. */
/* Rejected by: after a write has failed it reads no more */
#include "pump.h"

static int write_all(int to, const char *bytes, size_t count)
{
	size_t done = 0;
	ssize_t written;

	while (done < count) {
		written = pump_write(to, bytes + done, count - done);
		if (written == -1)
			return -1;
		done += (size_t)written;
	}
	return 0;
}

int pump(int from, int to)
{
	char bytes[PUMP_PIECE];
	ssize_t count;

	int error = 0;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		if (error == 0 && write_all(to, bytes, (size_t)count) == -1)
			error = errno;
	if (error != 0) {
		errno = error;
		return -1;
	}
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
