/* Misconception: what a signal has disturbed was well under way. */
/* Rejected by: an interrupted connect may fail, too */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno == EINTR)
		return hello_wait(fd);
	if (errno != EINPROGRESS)
		return -1;
	if (hello_wait(fd) == -1 || hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
