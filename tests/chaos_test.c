/* Byte-exact through the proxy of lesson 12, whatever happens to it.
 *
 * A child process is the world: clients, and the server behind the proxy, which
 * sends back what it gets. Many at once: some dribble, some stop to read for a
 * while, some reset or vanish. The proxy is this process, and it is lied to: its
 * system calls are interrupted, take fewer bytes, find nothing there, find no
 * descriptor and no memory.
 *
 * What must hold: no byte is wrong; an orderly end comes only behind the last
 * byte, so that what was cut off never looks complete; nothing is left behind.
 *
 * Linked with the allocations wrapped, see starve.h, and the system calls
 * below. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"

#include "../lessons/12-servers/by_loop.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	CLIENTS = 400, /* in all, at full scale */
	CROWD = 64,    /* at a time */
	PLACES = 48,   /* of the proxy: fewer, so that some wait */
	GUESTS = 128,  /* connections that reach the backend */
	LONG = 300000, /* bytes: more than the buffers on the way hold */
	DRIBBLED = 5000,
	BUFFER = 8192, /* of a socket: so that writes must wait */
	PIECE = 4096,
	NUMBER = 4,      /* bytes: a stream begins with its client's number */
	SILENCE = 60000, /* ms without any event: somebody hangs */
	FAST = 100,      /* the proxy's seconds in a second: it waits for one
	               when it has met EMFILE */
	ATTEMPTS = 1000,
	ROUNDS = 100000, /* for the proxy to see that all have gone */
	HIGHEST = 1024
};

/* So long the proxy has patience: whoever hangs is not cut, but found. */
#define NEVER (100 * 24 * 3600 * TIMER_SECOND)

/* What both processes see. */
static struct {
	volatile int calm; /* no lies any more */
	int gone;          /* clients who have come and gone */
	int willing;       /* clients who go to their end, */
	int hindered;      /* and those of them who do not get there */
	int left;          /* connections that have not ended */
	char wrong[200];
} * both;

static uint64_t state_of_random;
static unsigned seed; /* another one for each test */

static unsigned pick(unsigned below)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return (unsigned)(state_of_random >> 20) % below;
}

/* ---- The lies ------------------------------------------------------------ */

enum call {
	READ,
	WRITE,
	ACCEPT,
	CONNECT,
	SOCKET,
	GETSOCKOPT,
	SETSOCKOPT,
	CLOSE,
	FCNTL,
	SHUTDOWN,
	POLL,
	EPOLL_WAIT,
	EPOLL_CTL
};

enum { FEWER = -1, MEMORY_EVERY = 20 };

/* One kind of lie. What ends a connection is told less often than what only
 * makes it try again. */
static struct lie {
	enum call call;
	int error; /* or FEWER: bytes, or events */
	int every; /* one call in so many, on average */
	int left;  /* calls up to the next one */
	long told;
} lies[] = {
	{ READ, FEWER, 8, 0, 0 },           { READ, EINTR, 20, 0, 0 },
	{ READ, EAGAIN, 20, 0, 0 },         { READ, ENOMEM, 3000, 0, 0 },
	{ READ, ETIMEDOUT, 3000, 0, 0 },    { WRITE, FEWER, 8, 0, 0 },
	{ WRITE, EINTR, 20, 0, 0 },         { WRITE, EAGAIN, 20, 0, 0 },
	{ WRITE, ENOMEM, 1500, 0, 0 },      { ACCEPT, EINTR, 10, 0, 0 },
	{ ACCEPT, EAGAIN, 10, 0, 0 },       { ACCEPT, ECONNABORTED, 10, 0, 0 },
	{ ACCEPT, EMFILE, 30, 0, 0 },       { ACCEPT, ENFILE, 30, 0, 0 },
	{ ACCEPT, ENOMEM, 60, 0, 0 },       { CONNECT, EINTR, 5, 0, 0 },
	{ CONNECT, ENOMEM, 60, 0, 0 },      { SOCKET, EMFILE, 90, 0, 0 },
	{ SOCKET, ENFILE, 90, 0, 0 },       { SOCKET, ENOMEM, 90, 0, 0 },
	{ GETSOCKOPT, ENOBUFS, 120, 0, 0 }, { SETSOCKOPT, ENOBUFS, 10, 0, 0 },
	{ CLOSE, EINTR, 10, 0, 0 },         { FCNTL, ENOMEM, 120, 0, 0 },
	{ SHUTDOWN, ENOBUFS, 120, 0, 0 },   { POLL, EINTR, 5, 0, 0 },
	{ POLL, EAGAIN, 20, 0, 0 },         { EPOLL_WAIT, EINTR, 5, 0, 0 },
	{ EPOLL_WAIT, FEWER, 5, 0, 0 },     { EPOLL_CTL, ENOMEM, 300, 0, 0 },
	{ EPOLL_CTL, ENOSPC, 300, 0, 0 },
};

enum { LIES = sizeof(lies) / sizeof(lies[0]) };

static int chaos;
static long starved;

/* One allocation, some time from now. */
static void starve_again(void)
{
	starved += memory.failed;
	starve(1 + (long)pick(2 * MEMORY_EVERY), 1);
}

static int lie_of_call(enum call call)
{
	for (struct lie *l = lies; l < lies + LIES; l++) {
		if (l->call != call || --l->left > 0)
			continue;
		l->left = 1 + (int)pick((unsigned)(2 * l->every));
		l->told++;
		return l->error;
	}
	return 0;
}

/* What to say in place of the truth; 0: the truth. */
static int lie(enum call call)
{
	if (!chaos || both->calm) {
		starved += memory.failed;
		starve(0, 0);
		return 0;
	}
	if (memory.failed > 0 || memory.fail_from == 0)
		starve_again();
	return lie_of_call(call);
}

/* The names and signatures are the linker's. */
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __real_write(int fd, const void *buffer, size_t size);
int __real_accept4(int fd, void *address, socklen_t *length, int flags);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __real_socket(int domain, int type, int protocol);
int __real_getsockopt(int fd, int level, int name, void *value,
		      socklen_t *size);
int __real_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size);
int __real_close(int fd);
int __real_fcntl(int fd, int command, ...);
int __real_shutdown(int fd, int how);
int __real_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __real_epoll_wait(int epoll, struct epoll_event *events, int room,
		      int milliseconds);
int __real_epoll_ctl(int epoll, int operation, int fd,
		     struct epoll_event *event);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size);
int __wrap_accept4(int fd, void *address, socklen_t *length, int flags);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_getsockopt(int fd, int level, int name, void *value,
		      socklen_t *size);
int __wrap_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size);
int __wrap_close(int fd);
int __wrap_fcntl(int fd, int command, ...);
int __wrap_shutdown(int fd, int how);
int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __wrap_epoll_wait(int epoll, struct epoll_event *events, int room,
		      int milliseconds);
int __wrap_epoll_ctl(int epoll, int operation, int fd,
		     struct epoll_event *event);

/* How each descriptor was registered last; epoll is 0 for one that is not. */
static struct {
	int epoll;
	struct epoll_event event;
} registered[HIGHEST];

/* Epoll tells of an edge once, and whoever was told that there is nothing waits
 * for the next. So a lie is made true: what was there comes a moment later. */
static void make_true(int fd)
{
	int error = errno;

	if (registered[fd].epoll != 0 &&
	    __real_epoll_ctl(registered[fd].epoll, EPOLL_CTL_MOD, fd,
			     &registered[fd].event) == -1)
		abort();
	errno = error;
}

static int tell(int fd, int error)
{
	if (error == EAGAIN)
		make_true(fd);
	errno = error;
	return -1;
}

static size_t fewer(size_t size)
{
	return size > 1 ? 1 + pick((unsigned)size - 1) : size;
}

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	int error = lie(READ);
	ssize_t count;

	if (error > 0)
		return tell(fd, error);
	if (error == 0)
		return __real_read(fd, buffer, size);
	count = __real_read(fd, buffer, fewer(size));
	make_true(fd);
	return count;
}

ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
	int error = lie(WRITE);
	ssize_t count;

	if (error > 0)
		return tell(fd, error);
	if (error == 0)
		return __real_write(fd, buffer, size);
	count = __real_write(fd, buffer, fewer(size));
	make_true(fd);
	return count;
}

int __wrap_accept4(int fd, void *address, socklen_t *length, int flags)
{
	int error = lie(ACCEPT);

	return error ? tell(fd, error)
		     : __real_accept4(fd, address, length, flags);
}

/* Interrupted, the connecting has begun. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int error = lie(CONNECT), result = 0;

	if (error == 0 || error == EINTR)
		result = __real_connect(fd, address, length);
	return error ? tell(fd, error) : result;
}

int __wrap_socket(int domain, int type, int protocol)
{
	int error = lie(SOCKET), size = BUFFER, fd;

	if (error)
		return tell(0, error);
	fd = __real_socket(domain, type, protocol);
	__real_setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	__real_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	int error = lie(GETSOCKOPT);

	return error ? tell(fd, error)
		     : __real_getsockopt(fd, level, name, value, size);
}

/* No system refuses SO_LINGER; and what else could be done with a connection
 * that must not end in order? */
int __wrap_setsockopt(int fd, int level, int name, const void *value,
		      socklen_t size)
{
	int error = level == SOL_SOCKET ? 0 : lie(SETSOCKOPT);

	return error ? tell(fd, error)
		     : __real_setsockopt(fd, level, name, value, size);
}

/* The descriptor is free, whatever is said. */
int __wrap_close(int fd)
{
	int error = lie(CLOSE), result = __real_close(fd);

	registered[fd].epoll = 0;
	return error ? tell(fd, error) : result;
}

/* With `...` as the real one has it: on ppc64le a function that takes those keeps
 * them in the frame of its caller, if that knows of them. */
int __wrap_fcntl(int fd, int command, ...)
{
	int error = lie(FCNTL), argument = 0;
	va_list more;

	va_start(more, command);
	if (command != F_GETFD && command != F_GETFL)
		argument = va_arg(more, int);
	va_end(more);
	return error ? tell(fd, error) : __real_fcntl(fd, command, argument);
}

int __wrap_shutdown(int fd, int how)
{
	int error = lie(SHUTDOWN);

	return error ? tell(fd, error) : __real_shutdown(fd, how);
}

static int in_fast_time(int milliseconds)
{
	return milliseconds <= 0 ? milliseconds : 1 + milliseconds / FAST;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	int error = lie(POLL);

	if (error == 0)
		return __real_poll(fds, count, in_fast_time(milliseconds));
	errno = error;
	return -1;
}

int __wrap_epoll_wait(int epoll, struct epoll_event *events, int room,
		      int milliseconds)
{
	int error = lie(EPOLL_WAIT);

	if (error <= 0)
		return __real_epoll_wait(epoll, events, error ? 1 : room,
					 in_fast_time(milliseconds));
	errno = error;
	return -1;
}

int __wrap_epoll_ctl(int epoll, int operation, int fd,
		     struct epoll_event *event)
{
	int error = operation == EPOLL_CTL_DEL ? 0 : lie(EPOLL_CTL), result;

	if (error)
		return tell(0, error);
	result = __real_epoll_ctl(epoll, operation, fd, event);
	if (result == 0) {
		registered[fd].epoll = operation == EPOLL_CTL_DEL ? 0 : epoll;
		registered[fd].event = *event;
	}
	return result;
}

/* ---- The world: clients -------------------------------------------------- */

enum habit {
	EAGER,
	DRIBBLES,
	STALLS,
	GUEST_STALLS, /* that is its connection at the backend */
	RESETS,       /* from here on: they do not go to their end */
	VANISHES,
	GUEST_RESETS,
	HABITS
};

static struct client {
	int fd;
	enum habit habit;
	size_t length, sent, received;
	size_t stop;  /* after so many bytes it does what it does */
	int ended;    /* in order: so its end may be seen */
	int willing;  /* to go to its end */
	int survived; /* all has come back, and then the end */
	int pause;    /* rounds in which it does nothing */
} clients[CLIENTS + 1];

static struct guest {
	int fd; /* -1: nobody */
	unsigned number;
	size_t got, held;
	int ended, pause;
	unsigned char bytes[PIECE];
} guests[GUESTS];

static struct client *crowd[CROWD]; /* those who are here; NULL: nobody */
static int opened, total;
static int empty_ends; /* ends that may be seen without a byte before */
static struct sockaddr_in proxy_address, backend_address;
static int backend;

/* Says it, and is the end of the world. */
static void wrong(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(both->wrong, sizeof(both->wrong), format, arguments);
	va_end(arguments);
	_exit(1);
}

/* A stream is known by its number and place alone. */
static unsigned char byte_of(unsigned number, size_t at)
{
	uint32_t x = (uint32_t)at * 2654435761u + number * 40503u;

	if (at < NUMBER)
		return (unsigned char)(number >> 8 * at);
	x = (x ^ x >> 15) * 2246822519u;
	return (unsigned char)(x >> 24);
}

static size_t some_length(void)
{
	switch (pick(6)) {
	case 0:
		return 0;
	case 1:
		return NUMBER + pick(20);
	case 2:
		return NUMBER + pick(LONG) / (scale() > 1 ? 10 : 1);
	default:
		return NUMBER + pick(20000);
	}
}

static struct client *open_client(enum habit habit, size_t length)
{
	struct client *c = &clients[opened++];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (struct sockaddr *)&proxy_address,
		    sizeof(proxy_address)) == -1 &&
	    errno != EINPROGRESS)
		wrong("no client can connect: %s", strerror(errno));
	if (habit == DRIBBLES && length > DRIBBLED)
		length = DRIBBLED;
	*c = (struct client){ .fd = fd,
			      .habit = habit,
			      .length = length,
			      .willing = habit < RESETS,
			      .pause = pick(2) ? (int)pick(10) : 0 };
	c->stop = length ? pick((unsigned)length * 2) : 0;
	if (habit == GUEST_RESETS || habit == GUEST_STALLS)
		c->stop /= 2;
	return c;
}

static void close_client(struct client *c)
{
	close(c->fd);
	c->fd = -1;
}

static void reset(int fd)
{
	static const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void end_client(struct client *c)
{
	c->ended = 1;
	empty_ends += c->sent == 0;
}

/* The first piece has the whole number in it. */
static void send_some(struct client *c)
{
	unsigned char bytes[PIECE];
	size_t rest = c->length - c->sent, size = 1 + pick(PIECE);
	ssize_t count;

	if (c->habit == DRIBBLES && c->sent > 0) {
		size = 1 + pick(300);
		c->pause = (int)pick(4);
	}
	if (c->sent == 0 && size < NUMBER)
		size = NUMBER;
	if (size > rest)
		size = rest;
	for (size_t i = 0; i < size; i++)
		bytes[i] = byte_of((unsigned)(c - clients), c->sent + i);
	count = rest ? write(c->fd, bytes, size) : 0;
	if (count > 0)
		c->sent += (size_t)count;
	if (count == -1 && errno != EAGAIN)
		close_client(c);
	else if (c->sent == c->length && shutdown(c->fd, SHUT_WR) == -1)
		close_client(c);
	else if (c->sent == c->length)
		end_client(c);
}

static void check_end(const struct client *c)
{
	if (!c->ended || c->received < c->length)
		wrong("client %d, habit %d: an end after %zu of %zu bytes",
		      (int)(c - clients), c->habit, c->received, c->length);
}

static void receive_some(struct client *c)
{
	unsigned char bytes[PIECE];
	ssize_t count = read(c->fd, bytes, 1 + pick(PIECE));

	if (count == -1 && errno == EAGAIN)
		return;
	for (ssize_t i = 0; i < count; i++, c->received++)
		if (c->received >= c->sent ||
		    bytes[i] != byte_of((unsigned)(c - clients), c->received))
			wrong("client %d: byte %zu of %zu is wrong",
			      (int)(c - clients), c->received, c->length);
	if (count == 0) {
		check_end(c);
		c->survived = 1;
	}
	if (count <= 0)
		close_client(c);
}

/* Who vanishes ends in order as far as the others can see, unless there are
 * bytes that it has not read. */
static void maybe_stop(struct client *c)
{
	if (c->sent + c->received < c->stop)
		return;
	if (c->habit == STALLS) {
		c->pause = 40;
		c->habit = EAGER;
	} else if (c->habit == RESETS || c->habit == VANISHES) {
		if (c->habit == RESETS)
			reset(c->fd);
		else if (!c->ended)
			end_client(c);
		close_client(c);
	}
}

static void move_client(struct client *c, int ready)
{
	if (c->pause > 0) {
		c->pause--;
		return;
	}
	if (ready & ~POLLOUT)
		receive_some(c);
	if (c->fd != -1 && ready & ~POLLIN && !c->ended)
		send_some(c);
	if (c->fd != -1)
		maybe_stop(c);
}

/* ---- The world: the backend ---------------------------------------------- */

static void close_guest(struct guest *g)
{
	close(g->fd);
	g->fd = -1;
}

static void welcome(void)
{
	struct guest *g = guests;
	int fd = accept(backend, NULL, NULL);

	if (fd == -1)
		return;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (g->fd != -1)
		g++;
	*g = (struct guest){ .fd = fd };
}

static void check_byte(struct guest *g, unsigned char byte)
{
	if (g->got < NUMBER)
		g->number |= (unsigned)byte << 8 * g->got;
	if (g->got == NUMBER - 1 && g->number >= (unsigned)opened)
		wrong("a stream begins with number %u", g->number);
	if (g->got >= NUMBER && (g->got >= clients[g->number].sent ||
				 byte != byte_of(g->number, g->got)))
		wrong("backend: byte %zu of client %u is wrong", g->got,
		      g->number);
	g->got++;
}

/* An end is its client's end, behind its last byte. */
static void check_guests_end(const struct guest *g)
{
	const struct client *c = &clients[g->number];

	if (g->got == 0 && empty_ends-- > 0)
		return;
	if (g->got < NUMBER || !c->ended || g->got < c->sent)
		wrong("backend: client %u, habit %d: an end after %zu of %zu "
		      "bytes",
		      g->number, c->habit, g->got, c->sent);
}

static void guest_reads(struct guest *g)
{
	ssize_t count = read(g->fd, g->bytes, 1 + pick(PIECE));

	if (count == -1 && errno == EAGAIN)
		return;
	if (count == -1) {
		close_guest(g);
		return;
	}
	for (ssize_t i = 0; i < count; i++)
		check_byte(g, g->bytes[i]);
	g->held = (size_t)count;
	if (count == 0) {
		check_guests_end(g);
		close_guest(g);
	}
}

static void guest_writes(struct guest *g)
{
	ssize_t count = write(g->fd, g->bytes, g->held);

	if (count == -1 && errno == EAGAIN)
		return;
	if (count == -1) {
		close_guest(g);
		return;
	}
	g->held -= (size_t)count;
	memmove(g->bytes, g->bytes + count, g->held);
}

static void guest_may_stop(struct guest *g)
{
	struct client *c = &clients[g->number];

	if (g->got < NUMBER || g->got < c->stop)
		return;
	if (c->habit == GUEST_STALLS) {
		g->pause = 40;
		c->habit = EAGER;
	} else if (c->habit == GUEST_RESETS) {
		reset(g->fd);
		close_guest(g);
	}
}

static void move_guest(struct guest *g, int ready)
{
	if (g->pause > 0) {
		g->pause--;
		return;
	}
	if (ready == 0)
		return;
	if (g->held > 0)
		guest_writes(g);
	else
		guest_reads(g);
	if (g->fd != -1)
		guest_may_stop(g);
}

/* ---- The world: one loop ------------------------------------------------- */

static struct pollfd watched[1 + CROWD + GUESTS];

/* Who is asked about what. Returns whether somebody pauses. */
static int watch_clients(struct pollfd *p)
{
	int pausing = 0;

	for (int i = 0; i < CROWD; i++) {
		const struct client *c = crowd[i];

		p[i].fd = c == NULL ? -1 : c->fd;
		if (p[i].fd == -1)
			continue;
		p[i].events = c->pause   ? 0
			      : c->ended ? POLLIN
					 : POLLIN | POLLOUT;
		pausing |= c->pause > 0;
	}
	return pausing;
}

static int watch_guests(struct pollfd *p)
{
	int pausing = 0;

	for (int i = 0; i < GUESTS; i++) {
		p[i].fd = guests[i].fd;
		p[i].events = guests[i].pause      ? 0
			      : guests[i].held > 0 ? POLLOUT
						   : POLLIN;
		pausing |= guests[i].fd != -1 && guests[i].pause > 0;
	}
	return pausing;
}

static int count_guests(void)
{
	int count = 0;

	for (int i = 0; i < GUESTS; i++)
		count += guests[i].fd != -1;
	return count;
}

static void count_client(const struct client *c)
{
	both->gone++;
	both->willing += c->willing;
	both->hindered += c->willing && !c->survived;
}

/* Whoever has gone leaves a place to the next. Returns how many are here. */
static int fill_the_crowd(void)
{
	int count = 0;

	for (int i = 0; i < CROWD; i++) {
		if (crowd[i] != NULL && crowd[i]->fd == -1) {
			count_client(crowd[i]);
			crowd[i] = NULL;
		}
		if (crowd[i] == NULL && opened < total)
			crowd[i] = open_client(pick(HABITS), some_length());
		count += crowd[i] != NULL;
	}
	return count;
}

static void move_all(void)
{
	if (watched[0].revents)
		welcome();
	for (int i = 0; i < CROWD; i++)
		if (watched[1 + i].fd != -1)
			move_client(crowd[i], watched[1 + i].revents);
	for (int i = 0; i < GUESTS; i++)
		if (watched[1 + CROWD + i].fd != -1)
			move_guest(&guests[i], watched[1 + CROWD + i].revents);
}

/* Until all clients have come and gone, and nobody is left at the backend. */
static void live(void)
{
	int here, pausing;

	while ((here = fill_the_crowd()) + count_guests() > 0) {
		pausing = watch_clients(watched + 1);
		pausing |= watch_guests(watched + 1 + CROWD);
		watched[0].fd = count_guests() < GUESTS ? backend : -1;
		watched[0].events = POLLIN;
		if (__real_poll(watched, 1 + CROWD + GUESTS,
				pausing ? 1 : SILENCE) == 0 &&
		    !pausing)
			wrong("silence: %d clients and %d at the backend hang",
			      here, count_guests());
		move_all();
	}
}

/* The child. At the end there is quiet, and one more client, who must be
 * served. */
static void be_the_world(int count)
{
	signal(SIGPIPE, SIG_IGN);
	chaos = 0;
	starve(0, 0);
	for (int i = 0; i < GUESTS; i++)
		guests[i].fd = -1;
	opened = 0;
	total = count;
	live();
	both->calm = 1;
	crowd[0] = open_client(EAGER, LONG);
	live();
	if (!clients[count].survived)
		wrong("afterwards nobody is served");
	_exit(0);
}

/* ---- The proxy ----------------------------------------------------------- */

static struct server *proxy;
static server_func relay_at_hand; /* of the test at hand */

static long long fast_now(void *ud)
{
	struct timespec t;

	(void)ud;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (t.tv_sec * TIMER_SECOND + t.tv_nsec) * FAST;
}

/* As in proxy.c. The lies begin when the proxy is at work. */
static void serve(struct connection *c)
{
	chaos = *(int *)server_ud(c->server);
	if (connection_connect(c, (struct sockaddr *)&backend_address,
			       sizeof(backend_address)) == -1)
		connection_cut(c);
	else
		relay_at_hand(c);
}

/* When the world has ended, its end of a pipe is closed. */
static void *wait_for_the_end(struct dispatcher *D, void *ud)
{
	int fd = *(int *)ud, rounds = 0;
	char byte;

	while (socket_read(server_loop(proxy)->N, fd, &byte, 1) != 0)
		;
	both->calm = 1; /* also when the world has failed */
	while (server_connections(proxy) > 0 && rounds++ < ROUNDS)
		dispatcher_yield(D);
	both->left = server_connections(proxy);
	server_stop(proxy);
	return NULL;
}

static int open_listener(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket_listen(NULL, 0), buffer = BUFFER;

	assert_true(fd >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	return fd;
}

/* Opening meets lies too, and fails until it does not. */
static void open_proxy(const struct server_options *options)
{
	chaos = *(int *)options->ud;
	proxy = NULL;
	for (int i = 0; i < ATTEMPTS && proxy == NULL; i++)
		proxy = server_open(options);
	chaos = 0;
	starve(0, 0);
	assert_non_null(proxy);
}

static void run_proxy(const struct server_options *options, int end)
{
	struct dispatcher *D;

	open_proxy(options);
	D = server_loop(proxy)->D;
	assert_int_equal(socket_adopt(server_loop(proxy)->N, end), 0);
	dispatcher_detach(
		D, dispatcher_spawn(D, "the end", wait_for_the_end, &end));
	if (server_run(proxy) == -1)
		fail_msg("seed %u: it ends with %s", seed, strerror(errno));
	assert_int_equal(server_close(proxy), 0);
}

static int open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < HIGHEST; fd++)
		count += fcntl(fd, F_GETFD, 0) != -1;
	return count;
}

static int how_many(void)
{
	int count = CLIENTS / scale();

	return count < 40 ? 40 : count;
}

static pid_t begin_the_world(int listener, const int ends[2])
{
	pid_t child = fork();

	assert_true(child != -1);
	if (child == 0) {
		close(listener);
		close(ends[0]);
		be_the_world(how_many());
	}
	close(backend);
	close(ends[1]);
	return child;
}

static void clear(void)
{
	chaos = 0;
	memset(both, 0, sizeof(*both));
	memory.blocks = 0;
	state_of_random = 88172645463325252u + ++seed;
}

/* All clients, and nothing is left of them. */
static void through_the_proxy(void **state, const char *poller, int lying)
{
	static const struct timer_clock fast = { fast_now, NULL, NULL };
	struct server_options options = { .serve = serve,
					  .ud = &lying,
					  .connections = PLACES,
					  .parts = 2,
					  .others = 1,
					  .patience = NEVER,
					  .grace = NEVER,
					  .clock = &fast };
	int before = open_descriptors(), ends[2], status;
	pid_t child;

	clear();
	options.stacks = ((const struct setting *)*state)->stacks;
	options.poller = poller;
	options.listener = open_listener(&proxy_address);
	backend = open_listener(&backend_address);
	assert_int_equal(pipe(ends), 0);
	child = begin_the_world(options.listener, ends);
	run_proxy(&options, ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status != 0)
		fail_msg("seed %u: %s (status %d)", seed, both->wrong, status);
	assert_int_equal(both->left, 0);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(both->gone, how_many() + 1);
}

/* ---- The tests ----------------------------------------------------------- */

/* Most connections meet no lie that must end them. */
static void in_chaos(void **state, const char *poller)
{
	through_the_proxy(state, poller, 1);
	assert_true(both->hindered < both->willing * (full_size() ? 2 : 3) / 4);
}

/* Who means to go to its end gets there, whatever the others do. */
static void in_quiet(void **state, const char *poller)
{
	through_the_proxy(state, poller, 0);
	assert_int_equal(both->hindered, 0);
}

/* A scene on a poller, through a relay. */
#define TEST(scene, poller, how)                           \
	static void scene##_##poller##_##how(void **state) \
	{                                                  \
		relay_at_hand = how;                       \
		scene(state, #poller);                     \
	}

TEST(in_chaos, epoll, relay)
TEST(in_chaos, poll, relay)
TEST(in_chaos, epoll, relay_by_loop)
TEST(in_chaos, poll, relay_by_loop)
TEST(in_quiet, epoll, relay)
TEST(in_quiet, poll, relay)
TEST(in_quiet, epoll, relay_by_loop)
TEST(in_quiet, poll, relay_by_loop)

/* By the tests before. */
static void every_lie_was_told(void **state)
{
	(void)state;
	for (int i = 0; i < LIES; i++)
		if (lies[i].told == 0)
			fail_msg("lie %d, errno %d, was never told", i,
				 lies[i].error);
	assert_true(starved > 0);
}

int main(void)
{
	static const struct entry entries[] = {
		EACH("byte-exact in chaos; epoll", in_chaos_epoll_relay),
		EACH("byte-exact in chaos; poll", in_chaos_poll_relay),
		EACH("byte-exact in chaos; by the loop; epoll",
		     in_chaos_epoll_relay_by_loop),
		EACH("byte-exact in chaos; by the loop; poll",
		     in_chaos_poll_relay_by_loop),
		ONCE("byte-exact in quiet; epoll", in_quiet_epoll_relay),
		ONCE("byte-exact in quiet; poll", in_quiet_poll_relay),
		ONCE("byte-exact in quiet; by the loop; epoll",
		     in_quiet_epoll_relay_by_loop),
		ONCE("byte-exact in quiet; by the loop; poll",
		     in_quiet_poll_relay_by_loop),
		LARGE("every lie was told", every_lie_was_told),
	};
	int failed;

	both = mmap(NULL, sizeof(*both), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (both == MAP_FAILED)
		return 1;
	failed = run_entries("chaos", entries,
			     sizeof(entries) / sizeof(entries[0]));
	munmap(both, sizeof(*both));
	return failed;
}
