/* Misconception: a write writes, sooner or later. */
/* Rejected by: an error of the writing side is told */
#include "pump.h"

static void write_all(int to, const char *bytes, size_t count)
{
	size_t done = 0;

	while (done < count)
		done += (size_t)pump_write(to, bytes + done, count - done);
}

int pump(int from, int to)
{
	char bytes[PUMP_PIECE];
	ssize_t count;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		write_all(to, bytes, (size_t)count);
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
