/* Misconception: a write takes all that it is given. */
/* Rejected by: what a write has left is written next */
#include "pump.h"

int pump(int from, int to)
{
	char bytes[PUMP_PIECE];
	ssize_t count;

	while ((count = pump_read(from, bytes, sizeof bytes)) > 0)
		if (pump_write(to, bytes, (size_t)count) == -1)
			return -1;
	return count == -1 ? -1 : pump_shutdown(to, SHUT_WR);
}
