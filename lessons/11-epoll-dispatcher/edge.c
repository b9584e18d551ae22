/* One pipe, registered with two epolls: by level, and by edge. */
#include "raw.h"

static int level, edge, fd[2];

static void begin(void)
{
	level = epoll_create1(0);
	edge = epoll_create1(0);
	must(pipe(fd) == 0, "pipe");
	control(level, EPOLL_CTL_ADD, fd[0], EPOLLIN);
	control(edge, EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLET);
	printf("%-26s level edge\n", "");
}

static void look(const char *what)
{
	printf("%-26s %5d %4d\n", what, ready(level), ready(edge));
}

static void take(size_t size)
{
	char bytes[8];

	must(read(fd[0], bytes, size) == (ssize_t)size, "read");
}

int main(void)
{
	begin();
	//! [main]
	must(write(fd[1], "abc", 3) == 3, "write");
	look("three bytes come");
	look("asked once more");
	take(2);
	look("two of them are read");
	must(write(fd[1], "d", 1) == 1, "write");
	look("another one comes");
	take(2);
	look("all are read");
	close(fd[1]);
	look("the other side has ended");
	look("asked once more");
	look("and once more");
	//! [main]
	return 0;
}
