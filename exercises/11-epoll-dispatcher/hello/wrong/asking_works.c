/* Misconception: a question about a socket always has an answer. */
/* Rejected by: a socket that cannot be asked is told */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	if (hello_wait(fd) == -1)
		return -1;
	hello_error(fd, &error);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
