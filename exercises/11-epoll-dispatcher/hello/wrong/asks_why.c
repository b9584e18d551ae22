/* Misconception: SO_ERROR knows why the wait has failed. */
/* Rejected by: a wait that fails is told */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0, ready;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	ready = hello_wait(fd);
	if (hello_error(fd, &error) == -1)
		return -1;
	if (ready == 0 && error == 0)
		return 0;
	errno = error;
	return -1;
}
