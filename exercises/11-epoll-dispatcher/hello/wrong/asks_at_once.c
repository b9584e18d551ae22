/* Misconception: SO_ERROR is 0 when it is connected, and only then. */
/* Rejected by: a connect in progress is waited for */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	if (hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
