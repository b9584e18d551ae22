/* Exercise hello: connect, and know whether you are connected. */
#include "hello.h"

/* Why there is no loop: a read that was interrupted has done nothing, and is made
 * again. A connect has sent its first packet, and goes on without us; called
 * again, it would be EALREADY. So EINTR is the same as EINPROGRESS. EAGAIN is
 * not: a listener without room has begun nothing that could be waited for.
 *
 * Why it asks: a socket is writable when its connect is over, well or not. And
 * it asks once, for the socket forgets what it has told. */
int hello(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = 0;

	if (hello_connect(fd, address, length) == 0)
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
