/* Misconception: an address is as long as a struct sockaddr. */
/* Rejected by: the length of the address is handed on */
#include "hello.h"

int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	(void)length;
	if (hello_connect(fd, address, sizeof *address) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -1;
	if (hello_wait(fd) == -1 || hello_error(fd, &error) == -1)
		return -1;
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
