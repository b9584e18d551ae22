/* Misconception: the end is passed on as soon as it is read. */
/* Rejected by: what comes in goes out */
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
	char bytes[4096];
	size_t all = 0;
	ssize_t count;

	while ((count = pump_read(from, bytes + all, PUMP_PIECE)) > 0)
		all += (size_t)count;
	if (count == -1 || pump_shutdown(to, SHUT_WR) == -1)
		return -1;
	return write_all(to, bytes, all);
}
