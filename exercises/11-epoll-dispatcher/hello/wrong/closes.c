/* Misconception: a socket that cannot connect is of no use to anybody. */
/* Rejected by: the descriptor stays open */
#include "hello.h"

#include <unistd.h>

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
		return 0;
	if (errno == EINPROGRESS || errno == EINTR) {
		if (hello_wait(fd) == 0 && hello_error(fd, &error) == 0 &&
		    error == 0)
			return 0;
		if (error != 0)
			errno = error;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
