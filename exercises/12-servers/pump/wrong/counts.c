/* Misconception: who passes on bytes returns how many. */
/* Rejected by: when all is passed on it returns 0 */
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

	int all = 0;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0) {
		if (write_all(to, bytes, (size_t)count) == -1)
			return -1;
		all += (int)count;
	}
	if (count == -1 || pump_shutdown(to, SHUT_WR) == -1)
		return -1;
	return all;
}
