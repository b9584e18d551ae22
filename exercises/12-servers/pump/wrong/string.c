/* Misconception: what is read is a string. */
/* Rejected by: a byte of zero is a byte */
#include "pump.h"

#include <string.h>

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
	char bytes[PUMP_PIECE + 1];
	ssize_t count;

	while ((count = pump_read(from, bytes, PUMP_PIECE)) > 0) {
		bytes[count] = '\0';
		if (write_all(to, bytes, strlen(bytes)) == -1)
			return -1;
	}
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
