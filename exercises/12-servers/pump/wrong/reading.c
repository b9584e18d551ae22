/* Misconception: SHUT_RD lets the other side read the end. */
/* Rejected by: the end is passed on */
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

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		if (write_all(to, bytes, (size_t)count) == -1)
			return -1;
	return count == -1 ? -1 : pump_shutdown(to, SHUT_RD);
}
