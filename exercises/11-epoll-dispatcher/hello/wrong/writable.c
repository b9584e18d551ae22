/* Misconception: a socket that is writable is connected. */
/* Rejected by: a socket that is writable may have failed */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	return hello_wait(fd);
}
