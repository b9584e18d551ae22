/* Misconception: who cannot write any more ends his writing. */
/* Rejected by: an error is not passed on as an end */
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

	int error;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		if (write_all(to, bytes, (size_t)count) == -1) {
			error = errno;
			pump_shutdown(to, SHUT_WR);
			errno = error;
			return -1;
		}
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
