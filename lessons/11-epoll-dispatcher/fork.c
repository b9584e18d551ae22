/* What a child of fork() shares with its parent. */
#include "raw.h"

#include <sys/wait.h>

static int epoll, fd[2];

//! [child]
/* "Cleans up" what it believes to be its own. */
static void child(void)
{
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	control(epoll, EPOLL_CTL_DEL, fd[0], 0);
	close(epoll);
	_exit(0);
}
//! [child]

static void look(const char *when)
{
	printf("%s the child: events %d, non-blocking %s\n", when, ready(epoll),
	       fcntl(fd[0], F_GETFL) & O_NONBLOCK ? "yes" : "no");
}

int main(void)
{
	pid_t id;

	epoll = epoll_create1(0);
	must(pipe(fd) == 0 && write(fd[1], "x", 1) == 1, "pipe");
	control(epoll, EPOLL_CTL_ADD, fd[0], EPOLLIN);
	look("before");
	fflush(stdout);
	id = fork();
	must(id != -1, "fork");
	if (id == 0)
		child();
	waitpid(id, NULL, 0);
	look("after");
	return 0;
}
