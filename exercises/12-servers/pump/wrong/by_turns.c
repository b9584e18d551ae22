/* Misconception: a write that was short has its turn again after the next read. */
/* Rejected by: it reads on when all is written, not before */
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
	char bytes[PUMP_PIECE];
	size_t held = 0;
	ssize_t count = 1, written;

	while (count > 0) {
		count = pump_read(from, bytes + held, sizeof bytes - held);
		if (count <= 0)
			break;
		held += (size_t)count;
		written = pump_write(to, bytes, held);
		if (written == -1)
			return -1;
		held -= (size_t)written;
		memmove(bytes, bytes + written, held);
	}
	if (count == -1 || write_all(to, bytes, held) == -1)
		return -1;
	return pump_shutdown(to, SHUT_WR);
}
