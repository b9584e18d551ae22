/* Misconception: -1 is an error, whatever errno says. */
/* Rejected by: a connect in progress is waited for */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	return hello_connect(fd, address, length);
}
