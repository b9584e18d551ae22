/* How many system calls a message costs: three ways to read it. */
#include "raw.h"

enum { MESSAGES = 1000 };

static int calls, epoll, fd[2];

/* Each of these is one system call. */
static void add_or_remove(int operation)
{
	calls++;
	must(control(epoll, operation, fd[0], EPOLLIN) == 0, "epoll_ctl");
}

static void wait_for_event(void)
{
	calls++;
	must(ready(epoll) == 1, "epoll_wait");
}

static int try_to_read(void)
{
	char byte;

	calls++;
	return read(fd[0], &byte, 1) == 1;
}

static void answer(void)
{
	char byte;

	calls++;
	must(write(fd[0], "a", 1) == 1, "write");
	must(read(fd[1], &byte, 1) == 1, "read"); /* the client's call */
}

static void message_comes(void)
{
	must(write(fd[1], "m", 1) == 1, "write");
}

//! [ways]
/* libco: wait first, registered for this wait only. */
static void like_libco(void)
{
	add_or_remove(EPOLL_CTL_ADD);
	message_comes();
	wait_for_event();
	add_or_remove(EPOLL_CTL_DEL);
	try_to_read();
	answer();
}

/* Registered for good: try first, wait only after EAGAIN. */
static void try_first(void)
{
	if (!try_to_read()) {
		message_comes();
		wait_for_event();
		try_to_read();
	}
	answer();
}

/* The same; but that nothing is left is known already. */
static void remember(void)
{
	message_comes();
	wait_for_event();
	try_to_read();
	answer();
}
//! [ways]

static void count(const char *name, void (*way)(void))
{
	calls = 0;
	for (int i = 0; i < MESSAGES; i++)
		way();
	printf("%-37s %d.%d calls for each message\n", name, calls / MESSAGES,
	       calls * 10 / MESSAGES % 10);
}

int main(void)
{
	epoll = epoll_create1(0);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0,
	     "socketpair");
	count("libco: add, wait, remove, read, write", like_libco);
	must(control(epoll, EPOLL_CTL_ADD, fd[0], EPOLLIN) == 0, "add");
	count("kept: read, wait, read, write", try_first);
	count("kept, remembered: wait, read, write", remember);
	return 0;
}
