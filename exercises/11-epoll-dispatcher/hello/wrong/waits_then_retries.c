/* Misconception: an interrupted connect is made again once the socket is ready. */
/* Rejected by: an interrupted connect goes on by itself */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0, made = hello_connect(fd, address, length);

	if (made == -1 && errno == EINTR && hello_wait(fd) == 0)
		made = hello_connect(fd, address, length);
	if (made == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -1;
	if (hello_wait(fd) == -1 || hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
