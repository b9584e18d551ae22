/* How long epoll keeps its interest in a descriptor. */
#include "raw.h"

//! [main]
int main(void)
{
	int epoll = epoll_create1(0), fd[2], twin;

	must(pipe(fd) == 0, "pipe");
	printf("add: %s\n",
	       said(control(epoll, EPOLL_CTL_ADD, fd[0], EPOLLIN)));
	printf("add again: %s\n",
	       said(control(epoll, EPOLL_CTL_ADD, fd[0], EPOLLIN)));
	must(write(fd[1], "x", 1) == 1, "write");
	printf("wait, wait: %d %d\n", ready(epoll), ready(epoll));

	twin = dup(fd[0]);
	close(fd[0]);
	printf("closed, but there is a duplicate: %d\n", ready(epoll));
	printf("remove the closed one: %s\n",
	       said(control(epoll, EPOLL_CTL_DEL, fd[0], 0)));
	close(twin);
	printf("the duplicate is closed, too: %d\n", ready(epoll));
	return 0;
}
//! [main]
