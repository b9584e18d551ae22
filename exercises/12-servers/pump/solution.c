/* Exercise pump: one direction of a proxy. */
#include "pump.h"

/* Why all of it, before the next read: a read may wait, and what is still here
 * would wait with it. And who reads no faster than he writes needs room for one
 * piece, however slow the other side is: who sends too fast is slowed down. */
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

/* Why only 0 is passed on: whoever reads an end believes that it has all. And
 * why SHUT_WR: the answers are still to come, the other way. */
int pump(int from, int to)
{
	char bytes[PUMP_PIECE];
	ssize_t count;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		if (write_all(to, bytes, (size_t)count) == -1)
			return -1;
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
