/* Misconception: SO_ERROR can be asked as often as you like. */
/* Rejected by: errno tells why the connect has failed */
#include "hello.h"

static int failed(int fd)
{
	int error = 0;

	return hello_error(fd, &error) == -1 || error != 0;
}

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if ((errno != EINPROGRESS && errno != EINTR) || hello_wait(fd) == -1)
		return -1;
	if (!failed(fd))
		return 0;
	if (hello_error(fd, &error) == 0)
		errno = error;
	return -1;
}
