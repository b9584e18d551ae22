/* Misconception: a connect that has begun is as good as made; a write will wait for it. */
/* Rejected by: a connect in progress is waited for */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	if (hello_connect(fd, address, length) == 0)
		return 0;
	return errno == EINPROGRESS || errno == EINTR ? 0 : -1;
}
