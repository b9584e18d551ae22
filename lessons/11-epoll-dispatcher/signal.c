/* Which calls are interrupted by a signal, though it asked for a restart. */
#include "raw.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/time.h>

static int fd[2];

static void handler(int number)
{
	(void)number;
	if (write(fd[1], "x", 1) == -1) /* what the read waits for */
		_exit(1);
}

/* A signal every 20 ms. */
static void ring(int restart)
{
	struct sigaction action = { .sa_handler = handler };
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } };

	action.sa_flags = restart ? SA_RESTART : 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* A local address at which nobody has room for one more. */
static int full(struct sockaddr_in *address)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), busy;
	socklen_t size = sizeof *address;

	memset(address, 0, sizeof *address);
	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(bind(listener, (struct sockaddr *)address, size) == 0 &&
		     listen(listener, 0) == 0 &&
		     getsockname(listener, (struct sockaddr *)address, &size) ==
			     0,
	     "listen");
	for (int i = 0; i < 4; i++) {
		busy = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(busy, (struct sockaddr *)address, size);
	}
	return socket(AF_INET, SOCK_STREAM, 0);
}

int main(void)
{
	int epoll = epoll_create1(0), s;
	struct sockaddr_in address;
	struct epoll_event e;
	struct pollfd none = { -1, 0, 0 };
	char byte;

	must(pipe(fd) == 0, "pipe");
	s = full(&address);
	//! [main]
	ring(1);
	printf("read: %s\n", said((int)read(fd[0], &byte, 1)));
	printf("epoll_wait: %s\n", said(epoll_wait(epoll, &e, 1, -1)));
	printf("poll: %s\n", said(poll(&none, 1, -1)));
	ring(0);
	printf("connect: %s\n",
	       said(connect(s, (struct sockaddr *)&address, sizeof address)));
	fcntl(s, F_SETFL, O_NONBLOCK);
	printf("once more: %s\n",
	       said(connect(s, (struct sockaddr *)&address, sizeof address)));
	//! [main]
	return 0;
}
