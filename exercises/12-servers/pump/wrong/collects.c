/* Misconception: first get all of it, then pass it on. */
/* Rejected by: it reads on when all is written, not before */
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
	if (count == -1 || write_all(to, bytes, all) == -1)
		return -1;
	return pump_shutdown(to, SHUT_WR);
}
