/* Misconception: connect is called until it says that it is connected. */
/* Rejected by: a connect in progress is waited for */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	while (hello_connect(fd, address, length) == -1) {
		if (errno == EISCONN)
			return 0;
		if (errno != EINPROGRESS && errno != EALREADY && errno != EINTR)
			return -1;
		if (hello_wait(fd) == -1)
			return -1;
	}
	return 0;
}
