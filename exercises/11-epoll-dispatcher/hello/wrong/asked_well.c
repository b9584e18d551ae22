/* Misconception: the 0 of getsockopt says that there is no error. */
/* Rejected by: a socket that is writable may have failed */
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
	return hello_error(fd, &error);
}
