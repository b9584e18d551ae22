/* Misconception: who has waited has got what he waited for. */
/* Rejected by: a wait that fails is told */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	hello_wait(fd);
	if (hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
