/* A read that does not wait: what it says when there is nothing. */
#include "raw.h"

int main(void)
{
	int fd[2];
	char bytes[16];

	//! [main]
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0, "socketpair");
	must(fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0, "fcntl");
	printf("nothing has come: %s\n", said((int)read(fd[0], bytes, 16)));
	must(write(fd[1], "hello", 5) == 5, "write");
	printf("five bytes have come: %s\n", said((int)read(fd[0], bytes, 16)));
	printf("they are read: %s\n", said((int)read(fd[0], bytes, 16)));
	close(fd[1]);
	printf("the other side has ended: %s\n",
	       said((int)read(fd[0], bytes, 16)));
	//! [main]
	return 0;
}
