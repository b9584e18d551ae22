/* Misconception: a socket that is non-blocking is never connected at once. */
/* Rejected by: a connect that succeeds at once needs no wait */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == -1 && errno != EINPROGRESS &&
	    errno != EINTR)
		return -1;
	if (hello_wait(fd) == -1 || hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
