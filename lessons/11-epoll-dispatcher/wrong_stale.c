/* WRONG ON PURPOSE: a descriptor is closed and its number used again, while an
 * event of it is still in the batch. -DMENDED: the events carry generations. */
#include "raw.h"

enum { NUMBERS = 64 };

static struct {
	const char *owner;
	unsigned generation;
} table[NUMBERS];

static int epoll, far[3];

/* A connection for somebody. Returns the number of our end. */
static int open_for(const char *owner, int *far_end)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0 && fd[0] < NUMBERS,
	     "socketpair");
	table[fd[0]].owner = owner;
	table[fd[0]].generation++;
	e.data.u64 = (unsigned long long)table[fd[0]].generation << 32 |
		     (unsigned)fd[0];
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd[0], &e) == 0, "add");
	*far_end = fd[1];
	return fd[0];
}

//! [deliver]
static int deliver(const struct epoll_event *e)
{
	int fd = (int)(e->data.u64 & 0xffffffff);

#ifdef MENDED
	if (table[fd].generation != e->data.u64 >> 32) {
		printf("this event is for nobody any more\n");
		return -1;
	}
#endif
	printf("%s is told of bytes\n", table[fd].owner);
	return fd;
}
//! [deliver]

int main(void)
{
	struct epoll_event batch[2];
	char byte;
	int ann, bob, cleo, told;

	epoll = epoll_create1(0);
	//! [main]
	ann = open_for("ann", &far[0]);
	bob = open_for("bob", &far[1]);
	must(write(far[0], "a", 1) == 1 && write(far[1], "b", 1) == 1, "write");
	must(epoll_wait(epoll, batch, 2, 0) == 2, "epoll_wait");

	must(deliver(&batch[0]) == ann, "the first event");
	close(bob); /* what ann does with her byte */
	cleo = open_for("cleo", &far[2]);
	printf("cleo has the number that bob had: %s\n",
	       cleo == bob ? "yes" : "no");

	told = deliver(&batch[1]);
	//! [main]
	if (told == -1)
		return 0;
	fcntl(told, F_SETFL, O_NONBLOCK);
	printf("there is for her: %s\n", said((int)read(told, &byte, 1)));
	return 1;
}
