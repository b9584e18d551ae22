/* The promises of lesson 11: the pollers, waiting for readiness, the calls on
 * sockets. Every test runs on epoll and on poll(), and time is a number: see
 * calls.h, and starve.h. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"
#include "calls.h"

#include "../lessons/07-cond/cond.h"
#include "../lessons/11-epoll-dispatcher/poller_epoll.h"
#include "../lessons/11-epoll-dispatcher/sockets.h"
#include "../lessons/11-epoll-dispatcher/until.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 16, PAIRS = 1000, LONG = 300000 };

/* What somebody hands to socket_until(). */
struct job {
	int me, fd, want;
	socket_work work;
	int most; /* how much of it is done at once */
	size_t count;
	int closes, uses_again, done; /* for shut() */
	int over;                     /* from then on nobody may call work */
	int error;                    /* of socket_until(); 0: it is done */
};

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct dispatcher *D;
	struct timer *T;
	struct network *N;
	struct cond cond;
	char log[1024];
	int fd[2 * PAIRS];
	int numbers[2 * PAIRS];
	int ids[MANY];
	struct job jobs[MANY];
	int done;
	int listener;
	struct sockaddr_in address;
	char *bytes;
	long greedy;
	int turns;
	int open; /* descriptors before the test */
} it;

/* ---- Scaffolding --------------------------------------------------------- */

static struct dispatcher *open_dispatcher(void **state, int slots)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { slots, STACK, setting->stacks };

	if (options.stacks == 0 || options.stacks > slots)
		options.stacks = slots;
	return dispatcher_open(&options);
}

static void begin_with(void **state, int slots, struct poller *poller)
{
	it.D = open_dispatcher(state, slots);
	assert_non_null(it.D);
	it.T = timer_open(it.D, &fake);
	assert_non_null(it.T);
	assert_non_null(poller);
	it.N = network_open(it.T, poller);
	assert_non_null(it.N);
	cond_init(&it.cond, dispatcher_parking(it.D), "news");
	for (int i = 0; i < 2 * PAIRS; i++)
		it.numbers[i] = i;
}

/* Also what a failed test has left. */
static void begin_plainly(void)
{
	memset(&it, 0, sizeof(it));
	calls_begin();
	starve(0, 0);
	memory.blocks = 0;
	it.open = open_descriptors();
}

static void begin(void **state, int slots)
{
	begin_plainly();
	begin_with(state, slots, poller_open(backend));
}

static void finish(void)
{
	assert_int_equal(network_close(it.N), 0);
	timer_close(it.T);
	assert_int_equal(dispatcher_close(it.D), 0);
	free(it.bytes);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

/* What of one descriptor is ready; waits until something is. */
static int wait_one(struct network *N, int fd, int want)
{
	struct socket_want one = { fd, want, 0 };

	return socket_wait_any(N, &one, 1) == -1 ? -1 : one.ready;
}

static int spawn(int number, dispatcher_func func)
{
	int id = dispatcher_spawn(it.D, "x", func, &it.numbers[number]);

	assert_true(id >= 0);
	if (number < MANY)
		it.ids[number] = id;
	assert_int_equal(dispatcher_detach(it.D, id), 0);
	return id;
}

static void run_all(int count)
{
	assert_int_equal(dispatcher_run(it.D), 0);
	assert_int_equal(it.done, count);
}

static void *end(void *ud)
{
	it.done++;
	return ud;
}

static void note(const char *format, ...)
{
	size_t length = strlen(it.log);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(it.log + length, sizeof(it.log) - length, format, arguments);
	va_end(arguments);
}

/* Pair i: descriptors 2i and 2i + 1, both adopted. */
static void pair(int i)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, &it.fd[2 * i]), 0);
	assert_int_equal(socket_adopt(it.N, it.fd[2 * i]), 0);
	assert_int_equal(socket_adopt(it.N, it.fd[2 * i + 1]), 0);
}

/* A pair of which only the first is adopted; the test itself has the other. */
static void half_pair(int i)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, &it.fd[2 * i]), 0);
	assert_int_equal(socket_adopt(it.N, it.fd[2 * i]), 0);
}

static void say(int fd, const char *words)
{
	assert_int_equal(__real_write(fd, words, strlen(words)), strlen(words));
}

static void listen_here(int backlog)
{
	socklen_t size = sizeof(it.address);

	it.address.sin_family = AF_INET;
	it.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	it.address.sin_port = 0;
	it.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(it.listener >= 0);
	assert_int_equal(
		bind(it.listener, (struct sockaddr *)&it.address, size), 0);
	assert_int_equal(listen(it.listener, backlog), 0);
	assert_int_equal(
		getsockname(it.listener, (struct sockaddr *)&it.address, &size),
		0);
	assert_int_equal(socket_adopt(it.N, it.listener), 0);
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	return fd;
}

static const struct sockaddr *address(void)
{
	return (const struct sockaddr *)&it.address;
}

/* A TCP connection: descriptor 2i is adopted, 2i + 1 the test's own. */
static void tcp_pair(int i)
{
	if (it.listener == 0)
		listen_here(5);
	it.fd[2 * i + 1] = tcp_socket();
	assert_int_equal(
		__real_connect(it.fd[2 * i + 1], address(), sizeof(it.address)),
		0);
	it.fd[2 * i] = socket_accept(it.N, it.listener);
	assert_true(it.fd[2 * i] >= 0);
}

/* ---- The pollers --------------------------------------------------------- */

static void names(void **state)
{
	struct poller *p;

	(void)state;
	begin_plainly();
	p = poller_open(backend);
	assert_string_equal(p->name, backend);
	p->close(p);
	p = poller_open(NULL);
	assert_non_null(p);
	p->close(p);
	errno = 0;
	assert_null(poller_open("carrier pigeon"));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

static void a_poller_refuses(void **state)
{
	struct poller *p = poller_open(backend);
	FILE *file = tmpfile();
	int fd[2], folder = open(".", O_RDONLY);

	(void)state;
	assert_int_equal(pipe(fd), 0);
	REFUSED(EPERM, p->add(p, fileno(file), 1));
	REFUSED(EPERM, p->add(p, folder, 1));
	REFUSED(EBADF, p->add(p, -1, 1));
	REFUSED(EBADF, p->add(p, HIGHEST - 1, 1));
	REFUSED(ENOENT, p->want(p, fd[1], POLLER_WRITE, 1));
	REFUSED(ENOENT, p->remove(p, fd[0]));
	assert_int_equal(p->add(p, fd[0], 1), 0);
	REFUSED(EEXIST, p->add(p, fd[0], 2));
	assert_int_equal(p->remove(p, fd[0]), 0);
	REFUSED(ENOENT, p->remove(p, fd[0]));
	p->close(p);
	fclose(file);
	close(folder);
	close(fd[0]);
	close(fd[1]);
}

static void a_poller_reports_once(void **state)
{
	unsigned long long token = 1ULL << 63 | 7;
	struct poller *p = poller_open(backend);
	struct poller_event e[4];
	int fd[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(p->add(p, fd[0], token), 0);
	assert_int_equal(p->want(p, fd[0], POLLER_READ, token), 0);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	say(fd[1], "a");
	assert_int_equal(p->wait(p, e, 4, -1), 1);
	assert_true(e[0].token == token);
	assert_int_equal(e[0].ready, POLLER_READ);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	assert_int_equal(read(fd[0], &byte, 1), 1);
	assert_int_equal(p->want(p, fd[0], POLLER_READ, token), 0);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	say(fd[1], "b");
	close(fd[1]);
	assert_int_equal(p->wait(p, e, 4, 0), 1);
	assert_int_equal(e[0].ready, POLLER_READ | POLLER_WRITE | POLLER_END);
	assert_int_equal(p->wait(p, e, 4, 0), 0); /* no spinning */
	p->close(p);
	close(fd[0]);
}

static void a_hang_up_is_reported_once(void **state)
{
	struct poller *p = poller_open(backend);
	struct poller_event e[4];
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(p->add(p, fd[0], 5), 0);
	assert_int_equal(p->want(p, fd[0], POLLER_READ, 5), 0);
	close(fd[1]);
	assert_int_equal(p->wait(p, e, 4, 0), 1);
	assert_int_equal(e[0].ready, POLLER_READ | POLLER_WRITE | POLLER_END);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	p->close(p);
	close(fd[0]);
}

static void a_poller_reports_room_to_write(void **state)
{
	struct poller *p = poller_open(backend);
	struct poller_event e[4];
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(p->add(p, fd[0], 9), 0);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	assert_int_equal(p->want(p, fd[0], POLLER_WRITE, 9), 0);
	assert_int_equal(p->wait(p, e, 4, 0), 1);
	assert_int_equal(e[0].ready, POLLER_WRITE);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	assert_int_equal(p->remove(p, fd[0]), 0);
	close(fd[1]);
	assert_int_equal(p->wait(p, e, 4, 0), 0);
	p->close(p);
	close(fd[0]);
}

/* More are ready than reports fit: each has its turn. */
static void a_poller_prefers_nobody(void **state)
{
	struct poller *p = poller_open(backend);
	struct poller_event e[3];
	int fd[20], seen[10] = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(pipe(&fd[2 * i]), 0);
		assert_int_equal(
			p->add(p, fd[2 * i], (unsigned long long)i + 1), 0);
		p->want(p, fd[2 * i], POLLER_READ, (unsigned long long)i + 1);
		say(fd[2 * i + 1], "x");
	}
	for (int turn = 0; turn < 3; turn++) {
		assert_int_equal(p->wait(p, e, 3, 0), 3);
		for (int i = 0; i < 3; i++) {
			int who = (int)e[i].token - 1;

			assert_int_equal(seen[who]++, 0);
			if (strcmp(backend, "poll") == 0) /* ready again */
				p->want(p, fd[2 * who], POLLER_READ,
					e[i].token);
		}
	}
	assert_true(p->wait(p, e, 3, 0) >= 1);
	assert_int_equal(seen[e[0].token - 1], 0);
	p->close(p);
	for (int i = 0; i < 20; i++)
		close(fd[i]);
}

static void a_poller_interrupted(void **state)
{
	struct poller *p = poller_open(backend);
	struct poller_event e;

	(void)state;
	hurt(waiting_call(), EINTR, 1);
	assert_int_equal(p->wait(p, &e, 1, 5), 0);
	hurt(waiting_call(), ENOMEM, 1);
	REFUSED(ENOMEM, p->wait(p, &e, 1, 5));
	p->close(p);
}

/* ---- Refusals ------------------------------------------------------------ */

static int no_work(void *ud)
{
	(void)ud;
	fail_msg("called");
	return 1;
}

static void refusals(void **state)
{
	struct socket_want w = { 0, POLLER_READ, 0 };
	struct poller *p;
	char byte;

	begin(state, 2);
	p = poller_open(backend);
	errno = 0;
	assert_null(network_open(NULL, p));
	assert_int_equal(errno, EINVAL);
	assert_null(network_open(it.T, NULL));
	p->close(p);
	REFUSED(EINVAL, socket_adopt(NULL, 0));
	REFUSED(EINVAL, socket_close(NULL, 0));
	REFUSED(EINVAL, (int)socket_read(NULL, 0, &byte, 1));
	REFUSED(EINVAL, (int)socket_write_some(NULL, 0, &byte, 1));
	REFUSED(EINVAL, (int)socket_try_read(NULL, 0, &byte, 1));
	REFUSED(EINVAL, (int)socket_try_write(NULL, 0, &byte, 1));
	REFUSED(EINVAL, (int)socket_read_full(NULL, 0, &byte, 1));
	REFUSED(EINVAL, (int)socket_write(NULL, 0, &byte, 1));
	REFUSED(EINVAL, socket_accept(NULL, 0));
	REFUSED(EINVAL, socket_connect(NULL, 0, address(), 1));
	REFUSED(EINVAL, wait_one(NULL, 0, POLLER_READ));
	REFUSED(EINVAL, socket_wait_any(NULL, &w, 1));
	REFUSED(EINVAL, socket_await(NULL, 0, POLLER_READ));
	REFUSED(EINVAL, socket_until(NULL, 0, POLLER_READ, no_work, NULL));
	REFUSED(EINVAL, socket_adopted(NULL, 0));
	assert_int_equal(network_close(NULL), 0);
	half_pair(0);
	REFUSED(EINVAL, (int)socket_read(it.N, it.fd[0], NULL, 1));
	REFUSED(EINVAL, (int)socket_write_some(it.N, it.fd[0], NULL, 1));
	REFUSED(EINVAL, (int)socket_try_read(it.N, it.fd[0], NULL, 1));
	REFUSED(EINVAL, (int)socket_try_write(it.N, it.fd[0], NULL, 1));
	REFUSED(EINVAL, socket_connect(it.N, it.fd[0], NULL, 1));
	REFUSED(EINVAL, wait_one(it.N, it.fd[0], 0));
	REFUSED(EINVAL, wait_one(it.N, it.fd[0], 4));
	REFUSED(EINVAL, socket_await(it.N, it.fd[0], 0));
	REFUSED(EINVAL, socket_until(it.N, it.fd[0], 0, no_work, NULL));
	REFUSED(EINVAL, socket_until(it.N, it.fd[0], 4, no_work, NULL));
	REFUSED(EINVAL, socket_until(it.N, it.fd[0], 3, NULL, NULL));
	REFUSED(EINVAL, socket_wait_any(it.N, NULL, 1));
	REFUSED(EINVAL, socket_wait_any(it.N, &w, 0));
	REFUSED(EEXIST, socket_adopt(it.N, it.fd[0]));
	REFUSED(EINVAL, socket_accept(it.N, it.fd[0])); /* not listening */
	close(it.fd[1]);
	finish();
}

static void not_adopted(void **state)
{
	struct socket_want w = { 0, POLLER_READ, 0 };
	char byte = 0;

	begin(state, 2);
	for (int fd = -1; fd < HIGHEST; fd += 512) {
		w.fd = fd;
		REFUSED(EBADF, socket_close(it.N, fd));
		REFUSED(EBADF, (int)socket_read(it.N, fd, &byte, 1));
		REFUSED(EBADF, (int)socket_write_some(it.N, fd, &byte, 1));
		REFUSED(EBADF, (int)socket_try_read(it.N, fd, &byte, 1));
		REFUSED(EBADF, (int)socket_try_write(it.N, fd, &byte, 1));
		REFUSED(EBADF, (int)socket_read_full(it.N, fd, &byte, 1));
		REFUSED(EBADF, (int)socket_write(it.N, fd, &byte, 1));
		REFUSED(EBADF, socket_accept(it.N, fd));
		REFUSED(EBADF, socket_connect(it.N, fd, address(), 1));
		REFUSED(EBADF, wait_one(it.N, fd, POLLER_READ));
		REFUSED(EBADF, socket_wait_any(it.N, &w, 1));
		REFUSED(EBADF, socket_await(it.N, fd, POLLER_READ));
		REFUSED(EBADF,
			socket_until(it.N, fd, POLLER_READ, no_work, NULL));
		REFUSED(EBADF, socket_adopted(it.N, fd));
		socket_blocked(it.N, fd, POLLER_READ);
		socket_spent(it.N, fd, POLLER_READ);
	}
	REFUSED(EBADF, socket_adopt(it.N, -1));
	REFUSED(EBADF, socket_adopt(it.N, HIGHEST - 1));
	half_pair(0);
	REFUSED(EBADF, (int)socket_try_write(it.N, it.fd[1], &byte, 1));
	REFUSED(EBADF, socket_until(it.N, it.fd[1], 3, no_work, NULL));
	assert_int_equal(socket_adopted(it.N, it.fd[0]), 0);
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	REFUSED(EBADF, socket_close(it.N, it.fd[0]));
	REFUSED(EBADF, (int)socket_read(it.N, it.fd[0], &byte, 1));
	close(it.fd[1]);
	finish();
}

/* A clear error, and the file is as it was. */
static void regular_files(void **state)
{
	FILE *file = tmpfile();
	int folder = open(".", O_RDONLY);

	begin(state, 1);
	REFUSED(EPERM, socket_adopt(it.N, fileno(file)));
	REFUSED(EPERM, socket_adopt(it.N, folder));
	assert_int_equal(fcntl(fileno(file), F_GETFL) & O_NONBLOCK, 0);
	REFUSED(EBADF, socket_close(it.N, fileno(file)));
	finish();
	fclose(file);
	close(folder);
}

static void calls_from_outside(void **state)
{
	char bytes[4];

	begin(state, 1);
	half_pair(0);
	assert_int_equal(socket_write_some(it.N, it.fd[0], "ab", 2), 2);
	REFUSED(EPERM, (int)socket_read(it.N, it.fd[0], bytes, 4));
	REFUSED(EPERM, wait_one(it.N, it.fd[0], POLLER_READ));
	assert_int_equal(wait_one(it.N, it.fd[0], 3), POLLER_WRITE);
	say(it.fd[1], "xyz");
	assert_int_equal(dispatcher_round(it.D, 0), 0);
	close(it.fd[1]);
	finish();
}

/* ---- Read and write ------------------------------------------------------ */

static void *read_once(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;
	char bytes[8] = "";
	ssize_t count = socket_read(it.N, it.fd[2 * me], bytes, 7);

	(void)D;
	note("%d:%s%s ", me, bytes,
	     count == -1 ? strerror(errno) : (count ? "" : "end"));
	return end(ud);
}

static void a_read_waits(void **state)
{
	begin(state, 4);
	for (int i = 0; i < 3; i++) {
		half_pair(i);
		spawn(i, read_once);
	}
	assert_int_equal(dispatcher_round(it.D, 0), 3);
	say(it.fd[5], "two");
	assert_int_equal(dispatcher_round(it.D, 1), 2);
	say(it.fd[1], "zero");
	close(it.fd[3]);
	run_all(3);
	assert_true(strstr(it.log, "2:two ") == it.log);
	assert_non_null(strstr(it.log, "0:zero "));
	assert_non_null(strstr(it.log, "1:end "));
	close(it.fd[1]);
	close(it.fd[5]);
	finish();
}

static void *write_long(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	(void)D;
	assert_int_equal(socket_write(it.N, it.fd[2 * me], it.bytes, LONG),
			 LONG);
	assert_int_equal(socket_close(it.N, it.fd[2 * me]), 0);
	return end(ud);
}

/* Its buffer lies on its stack, which others use while it waits. */
static void *read_long(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;
	char bytes[1000];
	size_t done = 0;
	ssize_t count;

	(void)D;
	do {
		size_t size = 1 + (done * 7 + 3) % sizeof(bytes);

		count = socket_read_full(it.N, it.fd[2 * me + 1], bytes, size);
		assert_true(count >= 0);
		assert_memory_equal(bytes, it.bytes + done, (size_t)count);
		done += (size_t)count;
	} while (count > 0);
	assert_int_equal(done, LONG);
	assert_int_equal(socket_close(it.N, it.fd[2 * me + 1]), 0);
	return end(ud);
}

static void fill_bytes(void)
{
	it.bytes = malloc(LONG);
	srand(11);
	for (int i = 0; i < LONG; i++)
		it.bytes[i] = (char)rand();
}

static void long_streams(void **state)
{
	begin(state, 8);
	fill_bytes();
	for (int i = 0; i < 4; i++) {
		pair(i);
		spawn(i, write_long);
		spawn(i, read_long);
	}
	run_all(8);
	finish();
}

static void long_streams_over_tcp(void **state)
{
	begin(state, 4);
	fill_bytes();
	for (int i = 0; i < 2; i++) {
		tcp_pair(i);
		assert_int_equal(socket_adopt(it.N, it.fd[2 * i + 1]), 0);
		spawn(i, write_long);
		spawn(i, read_long);
	}
	run_all(4);
	finish();
}

/* Interrupted and shortened at random, wherever it can be. */
static void streams_in_chaos(void **state)
{
	for (int seed = 0; seed < 3; seed++) {
		begin(state, 8);
		fill_bytes();
		srand((unsigned)seed);
		for (int i = 0; i < 4; i++) {
			pair(i);
			spawn(i, write_long);
			spawn(i, read_long);
		}
		chaos = 3;
		run_all(8);
		chaos = 0;
		finish();
	}
}

static void *echo_full(struct dispatcher *D, void *ud)
{
	char bytes[16];

	(void)D;
	assert_int_equal(socket_read_full(it.N, it.fd[0], bytes, 6), 6);
	assert_memory_equal(bytes, "abcdef", 6);
	assert_int_equal(socket_read_full(it.N, it.fd[0], bytes, 6), 2);
	assert_memory_equal(bytes, "gh", 2);
	assert_int_equal(socket_read_full(it.N, it.fd[0], bytes, 6), 0);
	assert_int_equal(socket_read_full(it.N, it.fd[0], bytes, 0), 0);
	assert_int_equal(socket_write(it.N, it.fd[0], bytes, 0), 0);
	return end(ud);
}

/* Half closed: reading has ended, writing has not. */
static void dribbled_and_half_closed(void **state)
{
	char byte;

	begin(state, 1);
	half_pair(0);
	spawn(0, echo_full);
	for (int i = 0; i < 8; i++) {
		char letter[2] = { (char)('a' + i), 0 };

		assert_int_equal(dispatcher_round(it.D, 0), 1);
		say(it.fd[1], letter);
	}
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	shutdown(it.fd[1], SHUT_WR);
	run_all(1);
	assert_int_equal(socket_write_some(it.N, it.fd[0], "!", 1), 1);
	assert_int_equal(__real_read(it.fd[1], &byte, 1), 1);
	close(it.fd[1]);
	finish();
}

static void short_counts(void **state)
{
	char bytes[8];

	begin(state, 1);
	half_pair(0);
	calls[WRITE].most = 3;
	assert_int_equal(socket_write_some(it.N, it.fd[0], "abcdefgh", 8), 3);
	assert_int_equal(socket_write(it.N, it.fd[0], "defgh", 5), 5);
	assert_int_equal(calls[WRITE].count, 3);
	assert_int_equal(__real_read(it.fd[1], bytes, 8), 8);
	assert_memory_equal(bytes, "abcdefgh", 8);
	calls[READ].most = 3;
	say(it.fd[1], "12345678");
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 3);
	assert_int_equal(socket_read_full(it.N, it.fd[0], bytes + 3, 5), 5);
	assert_memory_equal(bytes, "12345678", 8);
	close(it.fd[1]);
	finish();
}

static void *hurt_reads(struct dispatcher *D, void *ud)
{
	char bytes[8] = "";

	(void)D;
	hurt(READ, EINTR, 3);
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 2);
	hurt(READ, EIO, 1);
	REFUSED(EIO, (int)socket_read(it.N, it.fd[0], bytes, 8));
	hurt(READ, EIO, 1);
	calls[READ].skip = 1;
	say(it.fd[1], "xy");
	REFUSED(EIO, (int)socket_read_full(it.N, it.fd[0], bytes, 8));
	hurt(WRITE, EINTR, 3);
	assert_int_equal(socket_write_some(it.N, it.fd[0], bytes, 8), 8);
	hurt(WRITE, EAGAIN, 2); /* it waits, and hears that there is room */
	assert_int_equal(socket_write_some(it.N, it.fd[0], bytes, 8), 8);
	hurt(WRITE, ENOSPC, 1);
	REFUSED(ENOSPC, (int)socket_write_some(it.N, it.fd[0], bytes, 8));
	hurt(WRITE, EIO, 1);
	calls[WRITE].skip = 1;
	calls[WRITE].most = 3;
	REFUSED(EIO, (int)socket_write(it.N, it.fd[0], bytes, 8));
	return end(ud);
}

static void reads_and_writes_hurt(void **state)
{
	begin(state, 1);
	half_pair(0);
	say(it.fd[1], "ab");
	spawn(0, hurt_reads);
	run_all(1);
	close(it.fd[1]);
	finish();
}

static void *write_to_nobody(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	(void)D;
	REFUSED(EPIPE, (int)socket_write_some(it.N, it.fd[me], "x", 1));
	REFUSED(EPIPE, (int)socket_write(it.N, it.fd[me], "x", 1));
	return end(ud);
}

static void no_sigpipe(void **state)
{
	begin(state, 2);
	half_pair(0);
	close(it.fd[1]);
	assert_int_equal(pipe(&it.fd[1]), 0); /* 2 writes, 1 reads */
	assert_int_equal(socket_adopt(it.N, it.fd[2]), 0);
	close(it.fd[1]);
	spawn(0, write_to_nobody);
	spawn(2, write_to_nobody);
	run_all(2);
	finish();
}

static void *read_reset(struct dispatcher *D, void *ud)
{
	char byte = 0;

	(void)D;
	REFUSED(ECONNRESET, (int)socket_read(it.N, it.fd[0], &byte, 1));
	REFUSED(EPIPE, (int)socket_write_some(it.N, it.fd[0], &byte, 1));
	return end(ud);
}

static void a_reset(void **state)
{
	struct linger now = { 1, 0 };

	begin(state, 1);
	tcp_pair(0);
	spawn(0, read_reset);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	setsockopt(it.fd[1], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(it.fd[1]);
	run_all(1);
	finish();
}

static void *read_to_the_end(struct dispatcher *D, void *ud)
{
	char bytes[64];
	ssize_t count;

	(void)D;
	while ((count = socket_read(it.N, it.fd[0], bytes, sizeof(bytes))) > 0)
		note("%.*s", (int)count, bytes);
	note("%s", count == 0 ? "." : strerror(errno));
	return end(ud);
}

/* The last bytes and the end come in one report: the end is not lost. */
static void bytes_and_end_at_once(void **state)
{
	begin(state, 1);
	tcp_pair(0);
	spawn(0, read_to_the_end);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "last");
	close(it.fd[1]);
	run_all(1);
	assert_string_equal(it.log, "last.");
	finish();
}

/* A read stops where the urgent byte was, with more behind it. */
static void urgent_data(void **state)
{
	begin(state, 1);
	tcp_pair(0);
	spawn(0, read_to_the_end);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "abc");
	assert_int_equal(send(it.fd[1], "!", 1, MSG_OOB), 1);
	say(it.fd[1], "def");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_string_equal(it.log, "abcdef");
	close(it.fd[1]);
	run_all(1);
	finish();
}

/* A message that carries a descriptor ends a read of a local socket. */
static void a_short_read_with_more_behind(void **state)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec bytes = { (void *)(uintptr_t) "a", 1 };
	struct msghdr message;
	int fd = 0;

	begin(state, 1);
	half_pair(0);
	spawn(0, read_to_the_end);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	memset(&control, 0, sizeof(control));
	memset(&message, 0, sizeof(message));
	message.msg_iov = &bytes;
	message.msg_iovlen = 1;
	message.msg_control = &control;
	message.msg_controllen = CMSG_LEN(sizeof(int));
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	assert_int_equal(sendmsg(it.fd[1], &message, 0), 1);
	say(it.fd[1], "b");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_string_equal(it.log, "ab");
	close(it.fd[1]);
	run_all(1);
	finish();
}

/* ---- Accept and connect -------------------------------------------------- */

static void *accept_some(struct dispatcher *D, void *ud)
{
	int count = *(int *)ud;

	(void)D;
	for (int i = 0; i < count; i++) {
		int fd = socket_accept(it.N, it.listener);

		assert_true(fd >= 0);
		assert_int_equal(socket_write(it.N, fd, "hello", 5), 5);
		assert_int_equal(socket_close(it.N, fd), 0);
	}
	return end(ud);
}

static void *connect_once(struct dispatcher *D, void *ud)
{
	int fd = tcp_socket();
	char bytes[8];

	(void)D;
	assert_int_equal(socket_adopt(it.N, fd), 0);
	assert_int_equal(
		socket_connect(it.N, fd, address(), sizeof(it.address)), 0);
	assert_int_equal(socket_read_full(it.N, fd, bytes, 8), 5);
	assert_memory_equal(bytes, "hello", 5);
	assert_int_equal(socket_close(it.N, fd), 0);
	return end(ud);
}

static void accept_and_connect(void **state)
{
	begin(state, 6);
	listen_here(8);
	spawn(5, accept_some);
	for (int i = 0; i < 5; i++)
		spawn(i, connect_once);
	run_all(6);
	finish();
}

static void accept_and_connect_in_chaos(void **state)
{
	begin(state, 6);
	listen_here(8);
	chaos = 2;
	spawn(5, accept_some);
	for (int i = 0; i < 5; i++)
		spawn(i, connect_once);
	run_all(6);
	chaos = 0;
	finish();
}

static void an_interrupted_connect(void **state)
{
	begin(state, 2);
	listen_here(8);
	hurt(CONNECT, EINTR, 1);
	spawn(1, accept_some);
	spawn(0, connect_once);
	run_all(2);
	assert_int_equal(calls[CONNECT].count, 1); /* not made again */
	finish();
}

/* Adopted long before: the poller has told of the hang-up of a socket that is
 * not connected. That is void. */
static void *connect_late(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;
	char byte;

	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(dispatcher_yield(D), 0);
	if (me == 0)
		REFUSED(ENOTCONN, (int)socket_read(it.N, it.fd[0], &byte, 1));
	assert_int_equal(
		socket_connect(it.N, it.fd[me], address(), sizeof(it.address)),
		0);
	assert_int_equal(socket_write_some(it.N, it.fd[me], "x", 1), 1);
	return end(ud);
}

static void connect_after_a_hang_up(void **state)
{
	begin(state, 3);
	listen_here(8);
	half_pair(3);
	spawn(3, read_once); /* so that the poller is asked */
	for (int i = 0; i < 2; i++) {
		it.fd[i] = tcp_socket();
		assert_int_equal(socket_adopt(it.N, it.fd[i]), 0);
		spawn(i, connect_late);
	}
	while (it.done < 2)
		assert_true(dispatcher_round(it.D, 0) > 0);
	close(it.fd[7]);
	run_all(3);
	finish();
}

static void *connect_refused(struct dispatcher *D, void *ud)
{
	int fd = tcp_socket();

	(void)D;
	assert_int_equal(socket_adopt(it.N, fd), 0);
	REFUSED(ECONNREFUSED,
		socket_connect(it.N, fd, address(), sizeof(it.address)));
	REFUSED(EINVAL, socket_connect(it.N, fd, address(), 1));
	assert_int_equal(socket_close(it.N, fd), 0);
	return end(ud);
}

static void a_refused_connect(void **state)
{
	begin(state, 2);
	listen_here(1);
	assert_int_equal(socket_close(it.N, it.listener), 0);
	spawn(0, connect_refused);
	spawn(1, connect_refused);
	run_all(2);
	finish();
}

static void *connect_in_vain(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;

	(void)D;
	it.fd[me] = tcp_socket();
	assert_int_equal(socket_adopt(it.N, it.fd[me]), 0);
	timer_deadline(it.T, 50 * TIMER_MS);
	if (socket_connect(it.N, it.fd[me], address(), sizeof(it.address)) ==
	    -1) {
		assert_int_equal(errno, ETIMEDOUT);
		it.numbers[0]++;
	}
	assert_int_equal(socket_close(it.N, it.fd[me]), 0);
	return end(ud);
}

/* Nobody accepts, and the queue has room for few. */
static void a_connect_and_its_deadline(void **state)
{
	begin(state, 8);
	listen_here(0);
	it.numbers[0] = 0;
	for (int i = 1; i < 8; i++)
		spawn(i, connect_in_vain);
	run_all(7);
	assert_true(it.numbers[0] > 0);
	assert_true(sleeper.now == 50 * TIMER_MS);
	finish();
}

static void *accept_hurt(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	hurt(ACCEPT, ECONNABORTED, 2);
	fd = socket_accept(it.N, it.listener);
	assert_true(fd >= 0);
	socket_close(it.N, fd);
	hurt(ACCEPT, EMFILE, 2);
	REFUSED(EMFILE, socket_accept(it.N, it.listener));
	REFUSED(EMFILE, socket_accept(it.N, it.listener));
	fd = socket_accept(it.N, it.listener);
	assert_true(fd >= 0);
	socket_close(it.N, fd);
	if (waiting_call() == EPOLL_WAIT) {
		hurt(EPOLL_CTL, ENOSPC, 1);
		REFUSED(ENOSPC, socket_accept(it.N, it.listener));
	}
	return end(ud);
}

static void accept_errors(void **state)
{
	begin(state, 1);
	listen_here(8);
	for (int i = 0; i < 3; i++) {
		it.fd[i] = tcp_socket();
		assert_int_equal(
			__real_connect(it.fd[i], address(), sizeof(it.address)),
			0);
	}
	spawn(0, accept_hurt);
	run_all(1);
	for (int i = 0; i < 3; i++)
		close(it.fd[i]);
	finish();
}

/* ---- Many for one descriptor, and close ---------------------------------- */

static void *read_a_byte(struct dispatcher *D, void *ud)
{
	char byte = '?';

	(void)D;
	assert_int_equal(socket_read(it.N, it.fd[0], &byte, 1), 1);
	note("%d%c", *(int *)ud, byte);
	return end(ud);
}

/* One byte, one reader; the others wait again. */
static void many_readers(void **state)
{
	begin(state, 5);
	half_pair(0);
	for (int i = 0; i < 5; i++)
		spawn(i, read_a_byte);
	assert_int_equal(dispatcher_round(it.D, 0), 5);
	for (int left = 5; left > 0; left--) {
		char letter[2] = { (char)('a' + 5 - left), 0 };

		say(it.fd[1], letter);
		assert_int_equal(dispatcher_round(it.D, 1), left - 1);
	}
	assert_string_equal(it.log, "0a1b2c3d4e");
	close(it.fd[1]);
	finish();
}

static void *write_a_kilobyte(struct dispatcher *D, void *ud)
{
	static const char bytes[1024];

	(void)D;
	for (int i = 0; i < 200; i++)
		assert_int_equal(
			socket_write(it.N, it.fd[0], bytes, sizeof(bytes)),
			sizeof(bytes));
	return end(ud);
}

static void *take_all(struct dispatcher *D, void *ud)
{
	static char bytes[65536];
	size_t sum = 0;

	(void)D;
	while (sum < (size_t)3 * 200 * 1024) {
		ssize_t count =
			socket_read(it.N, it.fd[1], bytes, sizeof(bytes));

		assert_true(count > 0);
		sum += (size_t)count;
	}
	assert_int_equal(socket_write_some(it.N, it.fd[1], "done", 4), 4);
	return end(ud);
}

/* Readers and writers wait for the same descriptor. */
static void both_directions(void **state)
{
	begin(state, 5);
	pair(0);
	spawn(0, read_once);
	for (int i = 1; i < 4; i++)
		spawn(i, write_a_kilobyte);
	spawn(4, take_all);
	run_all(5);
	assert_string_equal(it.log, "0:done ");
	finish();
}

static void *wait_and_be_cancelled(struct dispatcher *D, void *ud)
{
	struct socket_want w[2] = { { it.fd[2], POLLER_READ, 0 },
				    { it.fd[0], POLLER_READ, 0 } };
	char bytes[8];
	int me = *(int *)ud;

	(void)D;
	if (me == 0)
		REFUSED(ECANCELED, (int)socket_read(it.N, it.fd[0], bytes, 8));
	else if (me == 1)
		REFUSED(ECANCELED, socket_wait_any(it.N, w, 2));
	else if (me == 2)
		REFUSED(ECANCELED,
			(int)socket_read_full(it.N, it.fd[0], bytes, 8));
	else
		REFUSED(ECANCELED, socket_await(it.N, it.fd[0], POLLER_READ));
	REFUSED(EBADF, (int)socket_read(it.N, it.fd[0], bytes, 8));
	return end(ud);
}

static void *close_it(struct dispatcher *D, void *ud)
{
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(dispatcher_status(D, it.ids[i]),
				 DISPATCHER_INTERRUPTED);
	return end(ud);
}

static void close_wakes_all(void **state)
{
	begin(state, 5);
	half_pair(0);
	half_pair(1);
	for (int i = 0; i < 4; i++)
		spawn(i, wait_and_be_cancelled);
	assert_int_equal(dispatcher_round(it.D, 0), 4);
	spawn(4, close_it);
	run_all(5);
	close(it.fd[1]);
	close(it.fd[3]);
	finish();
}

static void *close_and_use_again(struct dispatcher *D, void *ud)
{
	int fd[2];

	(void)D;
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fd[0], it.fd[0]); /* the same number */
	assert_int_equal(socket_adopt(it.N, fd[0]), 0);
	say(fd[1], "not yours");
	it.fd[2] = fd[1];
	return end(ud);
}

static void *lose_it(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	REFUSED(ECANCELED, (int)socket_read(it.N, it.fd[0], bytes, 8));
	return end(ud);
}

/* The number is another's by the time the waiter runs; once a report had woken
 * it already, which was about the old one. */
static void closed_and_used_again(void **state)
{
	for (int reported = 0; reported < 2; reported++) {
		begin(state, 3);
		half_pair(0);
		spawn(1, lose_it);
		assert_int_equal(dispatcher_round(it.D, 0), 1);
		spawn(0, close_and_use_again);
		if (reported)
			say(it.fd[1], "!");
		run_all(2);
		close(it.fd[1]);
		close(it.fd[2]);
		finish();
	}
}

static void a_close_that_fails(void **state)
{
	begin(state, 1);
	half_pair(0);
	hurt(CLOSE, EINTR, 1);
	REFUSED(EINTR, socket_close(it.N, it.fd[0]));
	REFUSED(EBADF, socket_close(it.N, it.fd[0]));
	assert_int_equal(calls[CLOSE].count, 1); /* not made again */
	close(it.fd[1]);
	finish();
}

static void *close_from_inside(struct dispatcher *D, void *ud)
{
	(void)D;
	REFUSED(EBUSY, network_close(it.N));
	return end(ud);
}

static void *wait_for_ever(struct dispatcher *D, void *ud)
{
	struct socket_want w[3] = { { it.fd[0], POLLER_READ, 0 },
				    { it.fd[2], POLLER_READ, 0 },
				    { it.fd[4], POLLER_READ, 0 } };

	(void)D;
	socket_wait_any(it.N, w, 3);
	return ud;
}

/* With somebody waiting, and descriptors adopted: all is given back. */
static void closing_all(void **state)
{
	begin(state, 3);
	for (int i = 0; i < 3; i++)
		half_pair(i);
	spawn(0, wait_for_ever);
	spawn(1, read_once);
	spawn(2, close_from_inside);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	for (int i = 0; i < 3; i++)
		close(it.fd[2 * i + 1]);
	finish();
}

/* ---- Wait for one, and for several --------------------------------------- */

static void *wait_for_each(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	assert_int_equal(wait_one(it.N, it.fd[0], 3), POLLER_WRITE);
	assert_int_equal(wait_one(it.N, it.fd[0], POLLER_READ), POLLER_READ);
	assert_int_equal(wait_one(it.N, it.fd[0], POLLER_READ), POLLER_READ);
	assert_int_equal(wait_one(it.N, it.fd[0], 3), 3);
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 1);
	assert_int_equal(wait_one(it.N, it.fd[0], 3), POLLER_WRITE);
	assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(wait_one(it.N, it.fd[0], 3), 3); /* hung up */
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 0);
	return end(ud);
}

static void wait_for_one(void **state)
{
	begin(state, 1);
	half_pair(0);
	spawn(0, wait_for_each);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "x");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	close(it.fd[1]);
	run_all(1);
	finish();
}

/* The array lies on the waiter's stack. */
static void *wait_for_several(struct dispatcher *D, void *ud)
{
	struct socket_want w[MANY];
	int count = 4, ready;
	char bytes[8];

	(void)D;
	for (int i = 0; i < count; i++)
		w[i] = (struct socket_want){ it.fd[2 * i], POLLER_READ, 7 };
	while (it.done == 0) {
		ready = socket_wait_any(it.N, w, count);
		assert_true(ready > 0);
		note("(");
		for (int i = 0; i < count; i++) {
			if (w[i].ready == 0)
				continue;
			ready--;
			if (socket_read(it.N, w[i].fd, bytes, 8) == 0)
				it.done = 1;
			note("%d", i);
		}
		assert_int_equal(ready, 0);
		note(")");
	}
	return ud;
}

static void the_first_event_wins(void **state)
{
	begin(state, 2);
	for (int i = 0; i < 4; i++)
		half_pair(i);
	spawn(0, wait_for_several);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[5], "x");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	say(it.fd[3], "x");
	say(it.fd[7], "x");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	shutdown(it.fd[1], SHUT_WR);
	run_all(1);
	assert_string_equal(it.log, "(2)(13)(0)");
	for (int i = 0; i < 4; i++)
		close(it.fd[2 * i + 1]);
	finish();
}

static void *wait_twice_for_one(struct dispatcher *D, void *ud)
{
	struct socket_want w[3] = { { it.fd[0], POLLER_READ, 0 },
				    { it.fd[0], POLLER_WRITE, 0 },
				    { it.fd[0], POLLER_READ, 0 } };

	(void)D;
	assert_int_equal(socket_wait_any(it.N, w, 3), 1);
	assert_int_equal(w[1].ready, POLLER_WRITE);
	w[1] = w[0];
	assert_int_equal(socket_wait_any(it.N, w, 3), 3);
	w[1].fd = -1;
	REFUSED(EBADF, socket_wait_any(it.N, w, 3));
	w[1] = w[0];
	hurt(POLL, ENOMEM, 1);
	REFUSED(ENOMEM, socket_wait_any(it.N, w, 3));
	hurt(POLL, EINTR, 2);
	assert_int_equal(socket_wait_any(it.N, w, 3), 3);
	return end(ud);
}

static void the_same_one_twice(void **state)
{
	begin(state, 1);
	half_pair(0);
	spawn(0, wait_twice_for_one);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "x");
	run_all(1);
	close(it.fd[1]);
	finish();
}

static void *wait_then_read(struct dispatcher *D, void *ud)
{
	char byte;

	(void)D;
	assert_int_equal(wait_one(it.N, it.fd[0], POLLER_READ), POLLER_READ);
	assert_int_equal(socket_read(it.N, it.fd[0], &byte, 1), 1);
	note("%d%c", *(int *)ud, byte);
	return end(ud);
}

/* What another one has read meanwhile is ready no more. */
static void ready_no_more(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn(0, wait_then_read);
	spawn(1, wait_then_read);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	say(it.fd[1], "a");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	say(it.fd[1], "b");
	run_all(2);
	assert_string_equal(it.log, "0a1b");
	close(it.fd[1]);
	finish();
}

/* ---- Deadlines ----------------------------------------------------------- */

static void *read_until(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud;
	char bytes[8];
	struct socket_want w[2] = { { it.fd[0], POLLER_READ, 0 },
				    { it.fd[2], POLLER_READ, 0 } };

	(void)D;
	timer_deadline(it.T, (me + 1) * 10 * TIMER_MS);
	if (me == 0)
		REFUSED(ETIMEDOUT, (int)socket_read(it.N, it.fd[0], bytes, 8));
	else if (me == 1)
		REFUSED(ETIMEDOUT, socket_wait_any(it.N, w, 2));
	else if (me == 2)
		REFUSED(ETIMEDOUT, wait_one(it.N, it.fd[2], POLLER_READ));
	else
		REFUSED(ETIMEDOUT, socket_accept(it.N, it.listener));
	assert_true(sleeper.now == (me + 1) * 10 * TIMER_MS);
	return end(ud);
}

/* And the poller is asked once for each: there is no tick. */
static void a_deadline_for_every_call(void **state)
{
	begin(state, 4);
	half_pair(0);
	half_pair(1);
	listen_here(1);
	for (int i = 0; i < 4; i++)
		spawn(i, read_until);
	run_all(4);
	assert_int_equal(sleeper.napped, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(sleeper.naps[i], 10);
	close(it.fd[1]);
	close(it.fd[3]);
	finish();
}

static void *three_reads(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	timer_deadline(it.T, 10 * TIMER_MS);
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 1), 1);
	sleeper.now = 7 * TIMER_MS;
	REFUSED(ETIMEDOUT, (int)socket_read_full(it.N, it.fd[0], bytes, 8));
	assert_true(sleeper.now == 10 * TIMER_MS);
	say(it.fd[1], "z"); /* it comes too late for this deadline */
	REFUSED(ETIMEDOUT, (int)socket_read(it.N, it.fd[0], bytes, 8));
	timer_deadline(it.T, TIMER_NEVER);
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 1);
	return end(ud);
}

static void one_deadline_for_many_reads(void **state)
{
	begin(state, 1);
	half_pair(0);
	spawn(0, three_reads);
	say(it.fd[1], "ab");
	run_all(1);
	close(it.fd[1]);
	finish();
}

static void *read_and_note(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	timer_deadline(it.T, 10 * TIMER_MS);
	note("%d ", (int)socket_read(it.N, it.fd[0], bytes, 8));
	return end(ud);
}

/* Both in one batch: the event comes first. */
static void deadline_and_event_at_once(void **state)
{
	begin(state, 1);
	half_pair(0);
	spawn(0, read_and_note);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "abc");
	sleeper.now = 10 * TIMER_MS;
	run_all(1);
	assert_string_equal(it.log, "3 ");
	close(it.fd[1]);
	finish();
}

static void *sleep_for(struct dispatcher *D, void *ud)
{
	(void)D;
	assert_int_equal(timer_sleep(it.T, sleeper.naps[0]), 0);
	return end(ud);
}

/* Rounded up, and far ones in steps that fit an int. */
static void how_long_the_poller_sleeps(void **state)
{
	static const long long times[][3] = {
		{ 1, 1, 1 },
		{ 1500000, 2, 1 },
		{ 3600 * TIMER_SECOND, 3600000, 1 },
		{ 30LL * 24 * 3600 * TIMER_SECOND, INT_MAX, 2 },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		begin(state, 1);
		sleeper.naps[0] = times[i][0];
		spawn(0, sleep_for);
		run_all(1);
		assert_int_equal(sleeper.naps[0], times[i][1]);
		assert_int_equal(sleeper.napped, times[i][2]);
		finish();
	}
}

static void *wait_for_news(struct dispatcher *D, void *ud)
{
	(void)D;
	cond_wait(&it.cond);
	return end(ud);
}

static void deadlock_and_report(void **state)
{
	char words[64], report[512] = "";
	FILE *to;

	begin(state, 2);
	to = tmpfile();
	half_pair(0);
	spawn(0, wait_for_news);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	spawn(0, read_once);
	say(it.fd[1], "x"); /* news can come from outside */
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.D, 1));
	spawn(0, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	assert_int_equal(dispatcher_report(it.D, to), 2);
	rewind(to);
	assert_true(fread(report, 1, sizeof(report) - 1, to) > 0);
	fclose(to);
	snprintf(words, sizeof(words),
		 "  x waits for descriptor \"%d to be readable\"\n", it.fd[0]);
	assert_non_null(strstr(report, words));
	close(it.fd[1]);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	cond_signal(&it.cond);
	run_all(3);
	finish();
}

/* ---- A poller that hands out what it is told ----------------------------- */

static struct {
	struct poller poller;
	struct poller_event events[8];
	unsigned long long tokens[HIGHEST];
	int count; /* of events for the next wait */
	int fail;
	int closed;
} told;

static int told_add(struct poller *p, int fd, unsigned long long token)
{
	assert_ptr_equal(p, &told.poller);
	told.tokens[fd] = token;
	if (told.fail) {
		errno = ENOSPC;
		return -1;
	}
	return 0;
}

static int told_want(struct poller *p, int fd, int want,
		     unsigned long long token)
{
	assert_ptr_equal(p, &told.poller);
	assert_true(told.tokens[fd] == token && want > 0 && want < 4);
	if (told.fail) {
		errno = ENOENT;
		return -1;
	}
	return 0;
}

static int told_remove(struct poller *p, int fd)
{
	assert_ptr_equal(p, &told.poller);
	assert_true(told.tokens[fd] != 0);
	return 0;
}

static int told_wait(struct poller *p, struct poller_event *events, int room,
		     int milliseconds)
{
	int count = told.count;

	assert_ptr_equal(p, &told.poller);
	assert_true(room >= 8);
	(void)milliseconds;
	if (told.fail) {
		errno = EIO;
		return -1;
	}
	memcpy(events, told.events, sizeof(told.events));
	told.count = 0;
	return count;
}

static void told_close(struct poller *p)
{
	assert_ptr_equal(p, &told.poller);
	told.closed++;
}

static void begin_told(void **state, int slots)
{
	begin_plainly();
	memset(&told, 0, sizeof(told));
	told.poller = (struct poller){ .name = "told",
				       .add = told_add,
				       .want = told_want,
				       .remove = told_remove,
				       .wait = told_wait,
				       .close = told_close };
	begin_with(state, slots, &told.poller);
}

static void tell(unsigned long long token, int ready)
{
	told.events[told.count].token = token;
	told.events[told.count++].ready = ready;
}

/* Reports about what is closed, was never there, or is another's by now. */
static void stale_events(void **state)
{
	unsigned long long old, new;
	int second;

	begin_told(state, 2);
	half_pair(0);
	old = told.tokens[it.fd[0]];
	second = it.fd[1];
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	half_pair(0);
	assert_int_equal(told.tokens[it.fd[0]] == old, 0);
	new = told.tokens[it.fd[0]];
	spawn(0, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "mine");
	calls[READ].count = 0;
	tell(old, 7);
	tell(old + 1, 7);
	tell(HIGHEST, 7);
	tell(~0ULL, 7);
	tell(0, 7);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(calls[READ].count, 0); /* nobody was woken */
	tell(new, POLLER_READ);
	tell(new, POLLER_READ);
	tell(old, POLLER_READ);
	run_all(1);
	assert_string_equal(it.log, "0:mine ");
	close(second);
	close(it.fd[1]);
	finish();
	assert_int_equal(told.closed, 1);
}

static void *close_the_other(struct dispatcher *D, void *ud)
{
	char byte;

	assert_int_equal(socket_read(it.N, it.fd[2], &byte, 1), 1);
	return close_and_use_again(D, ud);
}

static void *sit_on_the_new(struct dispatcher *D, void *ud)
{
	char byte;

	while (it.done == 0)
		dispatcher_yield(D);
	assert_int_equal(socket_read(it.N, it.fd[0], &byte, 1), 1);
	assert_int_equal(byte, 'n');
	return end(ud);
}

/* Two events in a batch; the first one's coroutine closes the second's
 * descriptor, and uses its number for another. */
static void closed_within_a_batch(void **state)
{
	begin_told(state, 3);
	half_pair(0);
	half_pair(1);
	spawn(0, close_the_other);
	spawn(1, lose_it);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	spawn(2, sit_on_the_new);
	say(it.fd[1], "!");
	say(it.fd[3], "!");
	tell(told.tokens[it.fd[2]], POLLER_READ);
	tell(told.tokens[it.fd[0]], POLLER_READ);
	it.fd[5] = it.fd[1];
	run_all(3);
	close(it.fd[5]);
	close(it.fd[2]);
	close(it.fd[3]);
	it.fd[2] = 0;
	finish();
}

static void a_poller_that_fails(void **state)
{
	begin_told(state, 2);
	half_pair(0);
	it.fd[2] = it.fd[0];
	told.fail = 1;
	spawn(0, wait_for_news);
	REFUSED(ENOSPC, socket_adopt(it.N, it.fd[1]));
	assert_int_equal(fcntl(it.fd[1], F_GETFL) & O_NONBLOCK, 0);
	spawn(1, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_string_equal(it.log, "1:No such file or directory ");
	told.fail = 0;
	spawn(1, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	told.fail = 1;
	REFUSED(EIO, dispatcher_run(it.D));
	told.fail = 0;
	say(it.fd[1], "x");
	cond_signal(&it.cond);
	tell(told.tokens[it.fd[0]], POLLER_READ);
	run_all(3);
	close(it.fd[1]);
	finish();
}

/* A wait that a report ends without need: it looks, and waits again. */
static int woken;

static void count_woken(void *ud, struct dispatcher *D, int id, int from,
			int to)
{
	(void)ud;
	(void)D;
	(void)id;
	woken += from == DISPATCHER_ON_DESCRIPTOR && to == DISPATCHER_READY;
}

static void reports_for_nothing(void **state)
{
	begin_told(state, 1);
	half_pair(0);
	spawn(0, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	woken = 0;
	dispatcher_trace(it.D, count_woken, NULL);
	for (int i = 0; i < 3; i++) {
		tell(told.tokens[it.fd[0]], POLLER_READ);
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		tell(told.tokens[it.fd[0]], POLLER_WRITE);
		assert_int_equal(dispatcher_round(it.D, 1), 1);
	}
	assert_int_equal(calls[READ].count, 4);
	assert_int_equal(woken, 3); /* not by room to write */
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_int_equal(calls[READ].count, 4); /* it knows better */
	say(it.fd[1], "x");
	tell(told.tokens[it.fd[0]], POLLER_READ);
	run_all(1);
	close(it.fd[1]);
	finish();
}

/* One round: nobody is ready, and one waits for a descriptor. */
static void ask_the_poller(void)
{
	assert_int_equal(dispatcher_round(it.D, 1), 2);
}

/* Whether a call is worth a try. Asked from outside: who must wait is refused,
 * and never waits. */
static int worth(int want)
{
	return socket_await(it.N, it.fd[0], want) == 0;
}

/* After the end was reported a short count means nothing, up to EAGAIN in the
 * same direction. */
static void what_the_end_means(void **state)
{
	begin_told(state, 2);
	it.fd[0] = tcp_socket();
	assert_int_equal(socket_adopt(it.N, it.fd[0]), 0);
	half_pair(1);
	spawn(0, wait_for_news);
	spawn(1, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	assert_true(worth(POLLER_READ));
	socket_spent(it.N, it.fd[0], POLLER_READ);
	assert_false(worth(POLLER_READ));
	assert_true(worth(POLLER_WRITE));
	tell(told.tokens[it.fd[0]], POLLER_READ | POLLER_END);
	ask_the_poller();
	socket_spent(it.N, it.fd[0], POLLER_READ);
	assert_true(worth(POLLER_READ));
	socket_blocked(it.N, it.fd[0], POLLER_WRITE);
	assert_false(worth(POLLER_WRITE));
	socket_spent(it.N, it.fd[0], POLLER_READ);
	assert_true(worth(POLLER_READ));
	socket_blocked(it.N, it.fd[0], POLLER_READ);
	assert_false(worth(POLLER_READ));
	tell(told.tokens[it.fd[0]], POLLER_READ);
	ask_the_poller();
	socket_spent(it.N, it.fd[0], POLLER_READ);
	assert_false(worth(POLLER_READ));
	cond_signal(&it.cond);
	close(it.fd[3]);
	tell(told.tokens[it.fd[2]], POLLER_READ);
	run_all(2);
	finish();
}

/* ---- Without waiting ----------------------------------------------------- */

/* Asked from outside, where who must wait is refused with EPERM. */
static void try_to_read(void **state)
{
	char bytes[8];

	begin(state, 1);
	half_pair(0);
	REFUSED(EAGAIN, (int)socket_try_read(it.N, it.fd[0], bytes, 8));
	say(it.fd[1], "abc"); /* it looks, and needs no report */
	assert_int_equal(socket_try_read(it.N, it.fd[0], bytes, 2), 2);
	assert_int_equal(socket_try_read(it.N, it.fd[0], bytes + 2, 6), 1);
	assert_memory_equal(bytes, "abc", 3);
	calls[READ].count = 0;
	hurt(READ, EINTR, 3);
	REFUSED(EAGAIN, (int)socket_try_read(it.N, it.fd[0], bytes, 8));
	assert_int_equal(calls[READ].count, 4);
	hurt(READ, EIO, 1);
	REFUSED(EIO, (int)socket_try_read(it.N, it.fd[0], bytes, 8));
	close(it.fd[1]);
	assert_int_equal(socket_try_read(it.N, it.fd[0], bytes, 8), 0);
	finish();
}

static void try_to_write(void **state)
{
	size_t sum = 0;
	ssize_t count;

	begin(state, 1);
	fill_bytes();
	half_pair(0);
	calls[WRITE].most = 3000;
	hurt(WRITE, EINTR, 3);
	while ((count = socket_try_write(it.N, it.fd[0], it.bytes + sum,
					 LONG - sum)) > 0)
		sum += (size_t)count;
	assert_int_equal(count, -1);
	assert_int_equal(errno, EAGAIN);
	assert_true(sum > 3000 && sum < LONG);
	for (size_t done = 0; done < sum; done += (size_t)count) {
		char bytes[1000];

		count = __real_read(it.fd[1], bytes, sizeof(bytes));
		assert_true(count > 0);
		assert_memory_equal(bytes, it.bytes + done, (size_t)count);
	}
	assert_int_equal(socket_try_write(it.N, it.fd[0], "x", 1), 1);
	hurt(WRITE, EIO, 1);
	REFUSED(EIO, (int)socket_try_write(it.N, it.fd[0], "x", 1));
	close(it.fd[1]);
	REFUSED(EPIPE, (int)socket_try_write(it.N, it.fd[0], "x", 1));
	finish();
}

static void *try_and_wait(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	REFUSED(EAGAIN, (int)socket_try_read(it.N, it.fd[0], bytes, 8));
	note("tried ");
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 1);
	hurt(WRITE, EAGAIN, 1);
	REFUSED(EAGAIN, (int)socket_try_write(it.N, it.fd[0], "x", 1));
	note("tried ");
	assert_int_equal(socket_write_some(it.N, it.fd[0], "x", 1), 1);
	return end(ud);
}

/* It does not suspend; and the call that waits afterwards does not ask. */
static void try_and_then_wait(void **state)
{
	begin(state, 1);
	half_pair(0);
	spawn(0, try_and_wait);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_string_equal(it.log, "tried ");
	assert_int_equal(calls[READ].count, 1);
	say(it.fd[1], "x");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	assert_string_equal(it.log, "tried tried ");
	assert_int_equal(calls[READ].count, 2);
	assert_int_equal(calls[WRITE].count, 1);
	run_all(1);
	assert_int_equal(calls[WRITE].count, 2);
	close(it.fd[1]);
	finish();
}

/* With TCP a short count means that there is no more: the next call waits, and
 * does not ask. */
static void a_short_try_over_tcp(void **state)
{
	char bytes[8];

	begin(state, 1);
	tcp_pair(0);
	say(it.fd[1], "abc");
	assert_int_equal(socket_try_read(it.N, it.fd[0], bytes, 3), 3);
	assert_true(worth(POLLER_READ));
	say(it.fd[1], "abc");
	assert_int_equal(socket_try_read(it.N, it.fd[0], bytes, 8), 3);
	assert_false(worth(POLLER_READ));
	calls[WRITE].most = 2;
	assert_int_equal(socket_try_write(it.N, it.fd[0], "ab", 2), 2);
	assert_true(worth(POLLER_WRITE));
	assert_int_equal(socket_try_write(it.N, it.fd[0], "abc", 3), 2);
	assert_false(worth(POLLER_WRITE));
	close(it.fd[1]);
	finish();
}

/* Adopted or not; a local socket ends as ever. */
static void a_reset_of_ours(void **state)
{
	char byte;

	begin(state, 1);
	tcp_pair(0);
	tcp_pair(1);
	half_pair(2);
	socket_will_reset(it.fd[0]);
	socket_will_reset(it.fd[3]);
	socket_will_reset(it.fd[4]);
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	assert_int_equal(close(it.fd[3]), 0);
	assert_int_equal(socket_close(it.N, it.fd[4]), 0);
	REFUSED(ECONNRESET, (int)__real_read(it.fd[1], &byte, 1));
	REFUSED(ECONNRESET, (int)socket_try_read(it.N, it.fd[2], &byte, 1));
	assert_int_equal(__real_read(it.fd[5], &byte, 1), 0);
	close(it.fd[1]);
	close(it.fd[5]);
	finish();
}

/* ---- Work that the loop does ---------------------------------------------- */

static int in_the_loop(void)
{
	return coroutine_running(dispatcher_schedule(it.D)) == -1;
}

static void *until(struct dispatcher *D, void *ud)
{
	struct job *job = &it.jobs[*(int *)ud];

	(void)D;
	errno = 0;
	job->error =
		socket_until(it.N, job->fd, job->want, job->work, job) == -1
			? errno
			: 0;
	job->over = 1;
	note("%d%c ", job->me, job->error ? '?' : '!');
	return end(ud);
}

static struct job *make_job(int me, int fd, int want, socket_work work)
{
	it.jobs[me] = (struct job){
		.me = me, .fd = fd, .want = want, .work = work, .most = LONG
	};
	return &it.jobs[me];
}

static struct job *spawn_until(int me, int fd, int want, socket_work work)
{
	spawn(me, until);
	return make_job(me, fd, want, work);
}

static void begin_work(const struct job *job)
{
	assert_false(job->over);
	assert_true(strlen(it.log) < sizeof(it.log) - 1); /* it has an end */
	note("%d%c", job->me, in_the_loop() ? '@' : '+');
}

/* Takes a line, up to its '.'. */
static int take_line(void *ud)
{
	struct job *job = ud;
	char byte = 0;

	begin_work(job);
	for (int i = 0; i < job->most && byte != '.'; i++) {
		if (socket_try_read(it.N, job->fd, &byte, 1) != 1)
			return 0;
		note("%c", byte);
	}
	return job->over = byte == '.';
}

static void watch_who_is_woken(void)
{
	woken = 0;
	dispatcher_trace(it.D, count_woken, NULL);
}

static void *until_twice(struct dispatcher *D, void *ud)
{
	until(D, ud);
	it.jobs[*(int *)ud].over = 0;
	return until(D, ud);
}

/* Nobody is switched to while there is more to come. */
static void the_loop_works(void **state)
{
	for (int tcp = 0; tcp < 2; tcp++) {
		begin(state, 1);
		(tcp ? tcp_pair : half_pair)(0);
		watch_who_is_woken();
		spawn(0, until_twice);
		make_job(0, it.fd[0], POLLER_READ, take_line);
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		say(it.fd[1], "a");
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		say(it.fd[1], "bc");
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		assert_int_equal(woken, 0);
		say(it.fd[1], "d.e");
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		assert_int_equal(woken, 1);
		say(it.fd[1], "f.");
		run_all(2);
		assert_string_equal(it.log, "0+0@a0@bc0@d.0! 0+e0@f.0! ");
		assert_int_equal(woken, 2);
		assert_int_equal(it.jobs[0].error, 0);
		close(it.fd[1]);
		finish();
	}
}

/* From outside, too; but there nobody can wait. */
static void work_at_once(void **state)
{
	struct job *job;

	begin(state, 1);
	half_pair(0);
	spawn_until(0, it.fd[0], POLLER_READ, take_line);
	say(it.fd[1], "ab.");
	assert_int_equal(dispatcher_round(it.D, 0), 0);
	assert_string_equal(it.log, "0+ab.0! ");
	job = make_job(1, it.fd[0], POLLER_READ, take_line);
	job->most = 1; /* and more is left */
	say(it.fd[1], "cd.");
	assert_int_equal(
		socket_until(it.N, it.fd[0], POLLER_READ, take_line, job), 0);
	job->over = 0;
	REFUSED(EPERM,
		socket_until(it.N, it.fd[0], POLLER_READ, take_line, job));
	assert_string_equal(it.log, "0+ab.0! 1@c1@d1@.1@");
	close(it.fd[1]);
	finish();
}

static void *note_turns(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 4; i++) {
		note("-");
		dispatcher_yield(D);
	}
	return end(ud);
}

/* What is left by the loop is for the coroutine; and others have their turn. */
static void nobody_starves(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn_until(0, it.fd[0], POLLER_READ, take_line)->most = 1;
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	spawn(1, note_turns);
	say(it.fd[1], "abc.");
	run_all(2);
	assert_string_equal(it.log, "0+0@a-0+b-0+c-0+.0! -");
	close(it.fd[1]);
	finish();
}

/* Each in turn, and none that is done already. Who waits without work is woken
 * beside them. */
static void several_with_work(void **state)
{
	begin(state, 4);
	half_pair(0);
	for (int i = 0; i < 3; i++)
		spawn_until(i, it.fd[0], POLLER_READ, take_line);
	spawn(3, wait_then_read);
	watch_who_is_woken();
	assert_int_equal(dispatcher_round(it.D, 0), 4);
	say(it.fd[1], "a.b.");
	assert_int_equal(dispatcher_round(it.D, 1), 2);
	assert_string_equal(it.log, "0+0@a.1@b.2@0! 1! ");
	assert_int_equal(woken, 3);
	say(it.fd[1], "c.d");
	run_all(4);
	assert_string_equal(it.log + strlen("0+0@a.1@b.2@0! 1! "), "2@c.2! 3d");
	close(it.fd[1]);
	finish();
}

/* One report follows another before the coroutine runs. */
static void done_is_done(void **state)
{
	begin_told(state, 1);
	half_pair(0);
	spawn_until(0, it.fd[0], POLLER_READ, take_line);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "a.b.");
	tell(told.tokens[it.fd[0]], POLLER_READ);
	tell(told.tokens[it.fd[0]], POLLER_READ);
	run_all(1);
	assert_string_equal(it.log, "0+0@a.0! ");
	close(it.fd[1]);
	finish();
}

/* It is done after `most` times. */
static int touch(void *ud)
{
	struct job *job = ud;

	begin_work(job);
	socket_blocked(it.N, job->fd, POLLER_READ | POLLER_WRITE);
	return job->over = --job->most == 0;
}

/* Who waits for both is served for either. */
static void work_in_either_direction(void **state)
{
	begin_told(state, 3);
	half_pair(0);
	for (int want = 1; want <= 3; want++)
		spawn_until(want, it.fd[0], want, touch)->most = 3;
	socket_blocked(it.N, it.fd[0], POLLER_READ | POLLER_WRITE);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(dispatcher_round(it.D, 1), 3);
		tell(told.tokens[it.fd[0]], i < 2 ? POLLER_READ : POLLER_WRITE);
	}
	assert_string_equal(it.log, "1@3@1@3@");
	assert_int_equal(dispatcher_round(it.D, 1), 2);
	assert_string_equal(it.log, "1@3@1@3@2@3@3! ");
	tell(told.tokens[it.fd[0]], POLLER_READ | POLLER_WRITE);
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	tell(told.tokens[it.fd[0]], POLLER_WRITE);
	run_all(3);
	assert_string_equal(it.log, "1@3@1@3@2@3@3! 1@2@1! 2@2! ");
	close(it.fd[1]);
	finish();
}

/* ---- Turns --------------------------------------------------------------- */

/* Reads what is always there, as fast as it can. */
static void *read_greedily(struct dispatcher *D, void *ud)
{
	char bytes[1000];
	ssize_t count;

	(void)D;
	while (it.turns < 20) {
		assert_int_equal(__real_write(it.fd[1], "0123456789", 10), 10);
		count = socket_read(it.N, it.fd[0], bytes, 10);
		assert_int_equal(count, 10);
		it.greedy++;
	}
	return end(ud);
}

static void *count_turns(struct dispatcher *D, void *ud)
{
	while (it.turns < 20) {
		it.turns++;
		assert_int_equal(dispatcher_yield(D), 0);
	}
	return end(ud);
}

/* A reader that never has to wait starves nobody. */
static void a_greedy_reader(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn(0, read_greedily);
	spawn(1, count_turns);
	run_all(2);
	assert_in_range(it.greedy, 18 * NETWORK_TURN, 21 * NETWORK_TURN);
	close(it.fd[1]);
	finish();
}

static void *read_in_large_pieces(struct dispatcher *D, void *ud)
{
	(void)D;
	for (int i = 0; i < 8; i++) {
		memset(it.bytes, 0, NETWORK_TURN_BYTES / 2);
		assert_int_equal(__real_write(it.fd[1], "x", 1), 1);
		assert_int_equal(socket_read(it.N, it.fd[0], it.bytes, 1), 1);
		socket_moved(it.N, NETWORK_TURN_BYTES / 2); /* as if read */
	}
	it.greedy = it.turns;
	it.turns = 20;
	return end(ud);
}

/* Nor does one that needs few calls for many bytes. */
static void a_turn_counts_bytes(void **state)
{
	begin(state, 2);
	fill_bytes();
	half_pair(0);
	spawn(0, read_in_large_pieces);
	spawn(1, count_turns);
	run_all(2);
	assert_in_range(it.greedy, 3, 5);
	close(it.fd[1]);
	finish();
}

static void *read_while_it_is_closed(struct dispatcher *D, void *ud)
{
	char byte;

	(void)D;
	for (int i = 0; i < NETWORK_TURN; i++) {
		assert_int_equal(__real_write(it.fd[1], "x", 1), 1);
		assert_int_equal(socket_read(it.N, it.fd[0], &byte, 1), 1);
	}
	REFUSED(ECANCELED, (int)socket_read(it.N, it.fd[0], &byte, 1));
	return end(ud);
}

static void *close_and_reuse(struct dispatcher *D, void *ud)
{
	int fd = it.fd[0];

	(void)D;
	assert_int_equal(socket_close(it.N, fd), 0);
	assert_int_equal(dup2(it.fd[1], fd), fd);
	assert_int_equal(socket_adopt(it.N, fd), 0);
	return end(ud);
}

/* Closed in the others' turn, and its number used again: nothing of the new one
 * is read. */
static void closed_in_the_others_turn(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn(0, read_while_it_is_closed);
	spawn(1, close_and_reuse);
	run_all(2);
	close(it.fd[1]);
	finish();
}

/* ---- Descriptors that others inherit, and that run out ------------------- */

static void *accept_and_look(struct dispatcher *D, void *ud)
{
	int fd = socket_accept(it.N, it.listener), yes = 0;
	socklen_t size = sizeof(yes);

	(void)D;
	assert_true(fd != -1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, &size),
			 0);
	assert_true(yes);
	assert_int_equal(socket_close(it.N, fd), 0);
	return end(ud);
}

static void accepted_for_this_program_alone(void **state)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int client;

	begin(state, 1);
	client = socket(AF_INET, SOCK_STREAM, 0);
	it.listener = socket_listen(NULL, 0);
	assert_true(it.listener != -1);
	assert_true(fcntl(it.listener, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(socket_adopt(it.N, it.listener), 0);
	to.sin_port = htons((unsigned short)socket_port(it.listener));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
		__real_connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	spawn(0, accept_and_look);
	run_all(1);
	close(client);
	finish();
}

static void *read_one(struct dispatcher *D, void *ud)
{
	char byte;

	(void)D;
	assert_int_equal(socket_read(it.N, it.fd[0], &byte, 1), 1);
	return end(ud);
}

static void *write_one_later(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 3; i++)
		assert_int_equal(dispatcher_yield(D), 0);
	assert_int_equal(__real_write(it.fd[1], "x", 1), 1);
	return end(ud);
}

/* More descriptors than may be opened from now on: they are waited for all the
 * same. */
static void a_limit_that_falls(void **state)
{
	struct poller_event events[2];
	struct rlimit before, low;
	struct poller *p;
	int high;

	begin(state, 2);
	p = poller_open(backend);
	assert_non_null(p);
	half_pair(0);
	high = fcntl(it.fd[0], F_DUPFD, 200);
	assert_true(high >= 200);
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	it.fd[0] = high;
	assert_int_equal(socket_adopt(it.N, high), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	low = before;
	low.rlim_cur = 64;
	assert_int_equal(p->add(p, high, 7), 0);
	assert_int_equal(p->want(p, high, POLLER_READ, 7), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	assert_int_equal(p->wait(p, events, 2, 25), 0);
	assert_int_equal(__real_write(it.fd[1], "x", 1), 1);
	assert_int_equal(p->wait(p, events, 2, -1), 1);
	assert_int_equal(events[0].token, 7);
	p->close(p);
	spawn(0, read_one);
	run_all(1);
	spawn(0, read_one);
	spawn(1, write_one_later);
	run_all(3);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	close(it.fd[1]);
	finish();
}

static void listening_refusals(void **state)
{
	int fd;

	(void)state;
	REFUSED(EINVAL, socket_listen("nowhere", 0));
	REFUSED(EINVAL, socket_listen(NULL, -1));
	REFUSED(EINVAL, socket_listen(NULL, 65536));
	REFUSED(EBADF, socket_port(-1));
	fd = socket_listen("127.0.0.1", 0);
	assert_true(fd != -1);
	REFUSED(EADDRINUSE, socket_listen(NULL, socket_port(fd)));
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	REFUSED(EINVAL, socket_port(fd));
	close(fd);
}

/* All of it.bytes, and then the end. */
static int put_bytes(void *ud)
{
	struct job *job = ud;
	ssize_t count;

	assert_false(job->over);
	do {
		count = socket_try_write(it.N, job->fd, it.bytes + job->count,
					 LONG - job->count);
		if (count == -1)
			assert_int_equal(errno, EAGAIN);
		else
			job->count += (size_t)count;
	} while (count > 0 && job->count < LONG);
	job->over = job->count == LONG;
	if (job->over)
		assert_int_equal(shutdown(job->fd, SHUT_WR), 0);
	return job->over;
}

static int get_bytes(void *ud)
{
	struct job *job = ud;
	char bytes[1000];
	ssize_t count;

	assert_false(job->over);
	while ((count = socket_try_read(it.N, job->fd, bytes, sizeof(bytes))) >
	       0) {
		assert_memory_equal(bytes, it.bytes + job->count,
				    (size_t)count);
		job->count += (size_t)count;
	}
	if (count == -1) {
		assert_int_equal(errno, EAGAIN);
		return 0;
	}
	assert_int_equal(job->count, LONG);
	return job->over = 1;
}

/* There is room for little, so that they wait often. */
static void make_narrow(int fd)
{
	int size = 4096;

	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
}

/* Both ways at once; and each coroutine is switched to at its end only. */
static void streams_by_work(void **state, int tcp, int one_in)
{
	begin(state, 4);
	fill_bytes();
	(tcp ? tcp_pair : half_pair)(0);
	assert_int_equal(socket_adopt(it.N, it.fd[1]), 0);
	for (int i = 0; i < 2; i++) {
		make_narrow(it.fd[i]);
		spawn_until(i, it.fd[i], POLLER_WRITE, put_bytes);
		spawn_until(i + 2, it.fd[i], POLLER_READ, get_bytes);
	}
	watch_who_is_woken();
	chaos = one_in;
	run_all(4);
	chaos = 0;
	assert_true(woken <= 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(it.jobs[i].error, 0);
	finish();
}

static void long_streams_by_work(void **state)
{
	streams_by_work(state, 0, 0);
	streams_by_work(state, 0, 3);
	streams_by_work(state, 1, 0);
}

/* Nothing is left of the work: what comes now is for the next call. */
static void *until_in_vain(struct dispatcher *D, void *ud)
{
	timer_deadline(it.T, 10 * TIMER_MS);
	until(D, ud);
	timer_deadline(it.T, TIMER_NEVER);
	dispatcher_interrupt(D, dispatcher_self(D), 0);
	return read_once(D, ud);
}

static void work_in_vain(void **state)
{
	static const int errors[] = { ETIMEDOUT, ECANCELED, EIDRM };

	for (int i = 0; i < 3; i++) {
		begin(state, 1);
		half_pair(0);
		spawn(0, until_in_vain);
		make_job(0, it.fd[0], POLLER_READ, take_line);
		assert_int_equal(dispatcher_round(it.D, 0), 1);
		say(it.fd[1], "a");
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		if (errors[i] == EIDRM)
			dispatcher_interrupt(it.D, it.ids[0], EIDRM);
		if (errors[i] == ECANCELED)
			socket_close(it.N, it.fd[0]);
		while (it.done == 0)
			dispatcher_round(it.D, 1);
		assert_int_equal(it.jobs[0].error, errors[i]);
		assert_true(sleeper.now ==
			    (errors[i] == ETIMEDOUT ? 10 * TIMER_MS : 0));
		if (errors[i] != ECANCELED)
			say(it.fd[1], "b.");
		run_all(2);
		assert_true(strstr(it.log, errors[i] == ECANCELED
						   ? "0+0@a0? 0:Bad"
						   : "0+0@a0? 0:b. ") ==
			    it.log);
		close(it.fd[1]);
		finish();
	}
}

/* The work was done before it is heard that the wait has failed, or in the same
 * moment: it is done. */
static void done_and_interrupted(void **state)
{
	for (int timed_out = 0; timed_out < 2; timed_out++) {
		begin(state, 1);
		half_pair(0);
		spawn(0, until_in_vain);
		make_job(0, it.fd[0], POLLER_READ, take_line);
		assert_int_equal(dispatcher_round(it.D, 0), 1);
		if (timed_out)
			sleeper.now = 10 * TIMER_MS;
		else
			dispatcher_interrupt(it.D, it.ids[0], EIDRM);
		say(it.fd[1], "a.b");
		run_all(2);
		assert_string_equal(it.log, "0+0@a.0! 0:b ");
		close(it.fd[1]);
		finish();
	}
}

static void *closed_meanwhile(struct dispatcher *D, void *ud)
{
	(void)D;
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	return end(ud);
}

/* A wake that has no reason; then a yield during which it is closed. */
static void closed_between_two_tries(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn_until(0, it.fd[0], POLLER_READ, take_line)->most = 1;
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(dispatcher_wake(it.D, it.ids[0], 0), 1);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_string_equal(it.log, "0+"); /* it knows better */
	say(it.fd[1], "abc.");
	assert_int_equal(dispatcher_round(it.D, 1), 1);
	spawn(1, closed_meanwhile);
	run_all(2);
	assert_string_equal(it.log, "0+0@a0+b0+c0? ");
	assert_int_equal(it.jobs[0].error, ECANCELED);
	close(it.fd[1]);
	finish();
}

/* Closes what it waits for; its number may be another's at once. */
static int shut(void *ud)
{
	struct job *job = ud;

	begin_work(job);
	job->over = job->closes;
	if (job->closes)
		(job->uses_again ? close_and_use_again
				 : closed_meanwhile)(it.D, NULL);
	job->closes = 1;
	socket_blocked(it.N, job->fd, POLLER_READ | POLLER_WRITE);
	return job->over && job->done;
}

/* In the loop it is the first in line; at once, when there is room to write, the
 * others wait already. What the new one has to tell is not for them. */
static void close_at_work(void **state, int at_once, int uses_again, int done)
{
	const char *tried = at_once ? "1+0+" : "0+0@";
	struct job *job = &it.jobs[0];

	begin(state, 3);
	half_pair(0);
	for (int i = at_once; i < 3 + at_once; i++)
		spawn_until(i % 3, it.fd[0], POLLER_READ, take_line);
	make_job(0, it.fd[0], at_once ? POLLER_WRITE : 3, shut);
	job->closes = at_once;
	job->uses_again = uses_again;
	job->done = done;
	if (!at_once) {
		assert_int_equal(dispatcher_round(it.D, 0), 3);
		say(it.fd[1], "!");
	}
	run_all(4);
	assert_true(strstr(it.log, tried) == it.log);
	assert_null(strpbrk(it.log + strlen(tried), "+@"));
	assert_int_equal(job->error, done ? 0 : ECANCELED);
	assert_int_equal(it.jobs[1].error, ECANCELED);
	assert_int_equal(it.jobs[2].error, ECANCELED);
	close(it.fd[1]);
	if (uses_again) {
		spawn(0, read_once);
		run_all(5);
		assert_non_null(strstr(it.log, "0:not you "));
		close(it.fd[2]);
	}
	finish();
}

static void work_that_closes(void **state)
{
	for (int i = 0; i < 8; i++)
		close_at_work(state, i & 1, i >> 1 & 1, i >> 2);
}

static int close_all(void *ud)
{
	(void)ud;
	REFUSED(EBUSY, network_close(it.N));
	return 1;
}

/* In the loop nobody can wait; and nobody may pull it away from below. */
static int overreach(void *ud)
{
	struct job *job = ud;
	char byte;

	begin_work(job);
	close_all(NULL);
	if (socket_try_read(it.N, job->fd, &byte, 1) == -1)
		return 0;
	REFUSED(EPERM, (int)socket_read(it.N, it.fd[2], &byte, 1));
	REFUSED(EPERM, wait_one(it.N, it.fd[2], POLLER_READ));
	REFUSED(EPERM, socket_await(it.N, it.fd[2], POLLER_READ));
	REFUSED(EPERM, timer_sleep(it.T, 1));
	REFUSED(EPERM, dispatcher_yield(it.D));
	REFUSED(EBUSY, dispatcher_round(it.D, 0));
	REFUSED(EBUSY, dispatcher_run(it.D));
	REFUSED(EBUSY, dispatcher_close(it.D));
	make_job(1, it.fd[2], POLLER_READ, take_line);
	REFUSED(EPERM, socket_until(it.N, it.fd[2], POLLER_READ, take_line,
				    &it.jobs[1]));
	assert_int_equal(socket_until(it.N, it.fd[0], POLLER_READ, take_line,
				      make_job(2, it.fd[0], 0, take_line)),
			 0);
	return job->over = close_all(NULL);
}

static void what_work_must_not_do(void **state)
{
	begin(state, 1);
	half_pair(0);
	half_pair(1);
	socket_blocked(it.N, it.fd[2], POLLER_READ);
	spawn_until(0, it.fd[0], POLLER_READ, overreach);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	say(it.fd[1], "!a.");
	run_all(1);
	assert_string_equal(it.log, "0+0@2@a.0! ");
	assert_int_equal(
		socket_until(it.N, it.fd[0], POLLER_WRITE, close_all, NULL),
		0); /* nor from outside */
	close(it.fd[1]);
	close(it.fd[3]);
	finish();
}

/* Whoever waits again has to say so. When that fails, the coroutine tells. */
static int spoil(void *ud)
{
	struct job *job = ud;

	begin_work(job);
	told.fail = in_the_loop();
	socket_blocked(it.N, job->fd, POLLER_READ);
	return 0;
}

static void a_poller_that_fails_at_work(void **state)
{
	begin_told(state, 1);
	half_pair(0);
	spawn_until(0, it.fd[0], POLLER_READ, spoil);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	tell(told.tokens[it.fd[0]], POLLER_READ);
	run_all(1);
	assert_string_equal(it.log, "0+0@0? ");
	assert_int_equal(it.jobs[0].error, ENOENT);
	close(it.fd[1]);
	finish();
}

/* ---- The process --------------------------------------------------------- */

/* 0 when all is as promised in the child. */
static int in_the_child(void)
{
	int fd[2];

	if (pipe(fd) == -1 || socket_adopt(it.N, fd[0]) != -1 || errno != EPERM)
		return 1;
	if (dispatcher_run(it.D) != -1 || errno != EPERM)
		return 2;
	if (socket_close(it.N, it.fd[0]) == -1)
		return 3;
	if (network_close(it.N) == -1)
		return 4;
	it.N = network_open(it.T, poller_open(backend));
	if (it.N == NULL || socket_adopt(it.N, fd[0]) == -1)
		return 5;
	return 0;
}

/* The parent's registration outlives what the child does to its copies. */
static void a_child_of_fork(void **state)
{
	int status = -1;
	pid_t child;

	begin(state, 1);
	half_pair(0);
	spawn(0, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	child = fork();
	assert_true(child != -1);
	if (child == 0)
		_exit(in_the_child());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	say(it.fd[1], "still");
	run_all(1);
	assert_string_equal(it.log, "0:still ");
	close(it.fd[1]);
	finish();
}

/* epoll keeps what has another copy of a closed descriptor. */
static void a_copy_stays_open(void **state)
{
	int copy;

	begin(state, 1);
	half_pair(0);
	copy = dup(it.fd[0]);
	assert_int_equal(socket_close(it.N, it.fd[0]), 0);
	say(it.fd[1], "x");
	half_pair(1);
	spawn(1, read_once);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	calls[READ].count = 0;
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	assert_int_equal(calls[READ].count, 0);
	close(it.fd[3]);
	run_all(1);
	close(it.fd[1]);
	close(copy);
	finish();
}

static int sigpipe_is(void (*handler)(int))
{
	struct sigaction now;

	sigaction(SIGPIPE, NULL, &now);
	return now.sa_handler == handler;
}

static void sigpipe_is_ignored(void **state)
{
	begin(state, 1);
	assert_true(sigpipe_is(SIG_IGN));
	finish();
}

/* ---- Many ---------------------------------------------------------------- */

static void *echo(struct dispatcher *D, void *ud)
{
	int fd = it.fd[2 * *(int *)ud];
	char bytes[64];
	ssize_t count;

	(void)D;
	while ((count = socket_read(it.N, fd, bytes, sizeof(bytes))) > 0)
		assert_int_equal(socket_write(it.N, fd, bytes, (size_t)count),
				 count);
	assert_int_equal(socket_close(it.N, fd), 0);
	return end(ud);
}

static void *ask(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud, fd = it.fd[2 * me + 1];
	char question[16], bytes[16];

	(void)D;
	for (int i = 0; i < 3; i++) {
		int length =
			snprintf(question, sizeof(question), "%d?%d", me, i);

		assert_int_equal(
			socket_write(it.N, fd, question, (size_t)length),
			length);
		assert_int_equal(
			socket_read_full(it.N, fd, bytes, (size_t)length),
			length);
		assert_memory_equal(question, bytes, (size_t)length);
	}
	assert_int_equal(socket_close(it.N, fd), 0);
	return end(ud);
}

static void a_thousand_pairs(void **state)
{
	struct rlimit limit;
	int pairs = PAIRS / (scale() > 4 ? 20 : scale());

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < HIGHEST)
		skip();
	limit.rlim_cur = HIGHEST;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	begin(state, 2 * pairs);
	for (int i = 0; i < pairs; i++) {
		pair(i);
		spawn(i, echo);
		spawn(i, ask);
	}
	run_all(2 * pairs);
	finish();
}

/* ---- How many system calls ----------------------------------------------- */

enum { MESSAGES = 50 };

/* `MESSAGES` of eight bytes, one after another, from outside. */
static void messages(dispatcher_func server)
{
	char bytes[8];

	spawn(0, server);
	assert_int_equal(dispatcher_round(it.D, 0), 1);
	memset(calls, 0, sizeof(calls));
	for (int i = 0; i < MESSAGES; i++) {
		say(it.fd[1], "12345678");
		assert_int_equal(dispatcher_round(it.D, 1), 1);
		assert_int_equal(__real_read(it.fd[1], bytes, 8), 8);
	}
}

static void finish_messages(void)
{
	close(it.fd[1]);
	run_all(1);
	finish();
}

/* A callback program does three: wait, read, write. Over TCP so do we. */
static void calls_per_message_over_tcp(void **state)
{
	begin(state, 1);
	tcp_pair(0);
	messages(echo);
	assert_int_equal(calls[READ].count, MESSAGES);
	assert_int_equal(calls[WRITE].count, MESSAGES);
	assert_int_equal(calls[waiting_call()].count, MESSAGES);
	assert_int_equal(all_calls(), 3 * MESSAGES);
	finish_messages();
}

static int echo_at_work(void *ud)
{
	struct job *job = ud;
	char bytes[64];
	ssize_t count = socket_try_read(it.N, job->fd, bytes, sizeof(bytes));

	if (count > 0)
		assert_int_equal(
			socket_try_write(it.N, job->fd, bytes, (size_t)count),
			count);
	return count == 0;
}

/* And when the loop works: the same three, and no switch. */
static void calls_per_message_at_work(void **state)
{
	begin(state, 1);
	tcp_pair(0);
	make_job(0, it.fd[0], POLLER_READ, echo_at_work);
	watch_who_is_woken();
	messages(until);
	assert_int_equal(calls[READ].count, MESSAGES);
	assert_int_equal(calls[WRITE].count, MESSAGES);
	assert_int_equal(all_calls(), 3 * MESSAGES);
	assert_int_equal(woken, 0);
	finish_messages();
}

/* Elsewhere a read says EAGAIN, once for each message: one more. */
static void calls_per_message_over_a_pair(void **state)
{
	begin(state, 1);
	half_pair(0);
	messages(echo);
	assert_int_equal(calls[READ].count, 2 * MESSAGES);
	assert_int_equal(calls[WRITE].count, MESSAGES);
	assert_int_equal(calls[waiting_call()].count, MESSAGES);
	assert_int_equal(all_calls(), 4 * MESSAGES);
	finish_messages();
}

static void *wait_and_echo(struct dispatcher *D, void *ud)
{
	struct socket_want w[2] = { { it.fd[0], POLLER_READ, 0 },
				    { it.fd[2], POLLER_READ, 0 } };
	char bytes[64];
	ssize_t count;

	(void)D;
	do {
		assert_true(socket_wait_any(it.N, w, 2) >= 1);
		count = socket_read(it.N, w[0].fd, bytes, sizeof(bytes));
		if (count > 0)
			socket_write_some(it.N, w[0].fd, bytes, (size_t)count);
	} while (count > 0);
	return end(ud);
}

/* Who waits for several looks once: one more. */
static void calls_per_message_of_several(void **state)
{
	begin(state, 1);
	tcp_pair(0);
	tcp_pair(1);
	messages(wait_and_echo);
	assert_int_equal(calls[READ].count, MESSAGES);
	assert_int_equal(calls[WRITE].count, MESSAGES);
	assert_int_equal(all_calls(), 4 * MESSAGES);
	close(it.fd[3]);
	finish_messages();
}

static void *count_to_100(struct dispatcher *D, void *ud)
{
	for (int i = 0; i < 100; i++)
		dispatcher_yield(D);
	return end(ud);
}

/* Who waits for nothing costs no system call. */
static void no_calls_without_waiting(void **state)
{
	begin(state, 2);
	half_pair(0);
	spawn(0, count_to_100);
	spawn(1, count_to_100);
	memset(calls, 0, sizeof(calls));
	run_all(2);
	assert_int_equal(all_calls(), 0);
	close(it.fd[1]);
	finish();
}

/* One adds it, and one that takes it out: nothing else is registered. */
static void registered_once(void **state)
{
	begin(state, 2);
	pair(0);
	spawn(0, echo);
	spawn(0, ask);
	run_all(2);
	if (waiting_call() == EPOLL_WAIT)
		assert_int_equal(calls[EPOLL_CTL].count, 4);
	finish();
}

/* ---- Memory -------------------------------------------------------------- */

static void *wait_hungry(struct dispatcher *D, void *ud)
{
	struct socket_want w[MANY];

	(void)D;
	for (int i = 0; i < MANY; i++)
		w[i] = (struct socket_want){ it.fd[0], POLLER_READ, 0 };
	it.done = socket_wait_any(it.N, w, MANY);
	if (it.done == -1)
		assert_int_equal(errno, ENOMEM);
	return ud;
}

static int hungry(void **state)
{
	static int fd[2];
	struct poller *p = NULL;
	int well = 0;

	memset(&it, 0, sizeof(it));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	it.fd[0] = fd[0];
	errno = 0;
	it.D = open_dispatcher(state, 1);
	it.T = it.D ? timer_open(it.D, &fake) : NULL;
	p = it.T ? poller_open(backend) : NULL;
	it.N = p ? network_open(it.T, p) : NULL;
	if (it.N == NULL && p != NULL)
		p->close(p);
	if (it.N != NULL && socket_adopt(it.N, fd[0]) == 0 &&
	    dispatcher_spawn(it.D, "x", wait_hungry, NULL) >= 0) {
		dispatcher_round(it.D, 0);
		say(fd[1], "x");
		dispatcher_round(it.D, 0);
		well = it.done == MANY;
	}
	if (!well)
		assert_int_equal(errno, ENOMEM);
	if (it.N == NULL || socket_adopted(it.N, fd[0]) == -1)
		close(fd[0]);
	close(fd[1]);
	network_close(it.N);
	timer_close(it.T);
	dispatcher_close(it.D);
	return well;
}

static void allocations_fail(void **state)
{
	int before = open_descriptors();

	begin_plainly();
	each_allocation_fails(hungry, state);
	assert_int_equal(open_descriptors(), before);
}

/* With a stack each: once adopted, no call takes memory. */
static void nothing_is_allocated(void **state)
{
	static struct setting own = { 0, "" };
	void *setting = &own;

	(void)state;
	begin(&setting, 4);
	pair(0);
	half_pair(1);
	spawn(1, read_once);
	half_pair(2);
	starve(1, LONG_MAX);
	spawn(0, echo);
	spawn(0, ask);
	spawn_until(2, it.fd[4], POLLER_READ, take_line);
	assert_int_equal(dispatcher_round(it.D, 0), 4);
	close(it.fd[3]);
	say(it.fd[5], ".");
	run_all(4);
	assert_int_equal(memory.asked, 0);
	close(it.fd[5]);
	starve(0, 0);
	finish();
}

/* No memory for the images of the frames: the call says so, and nobody stays in
 * a line. */
static void *starve_and_read(struct dispatcher *D, void *ud)
{
	char bytes[8];

	(void)D;
	starve(1, LONG_MAX);
	REFUSED(ENOMEM, (int)socket_read(it.N, it.fd[0], bytes, 8));
	REFUSED(ENOMEM, wait_one(it.N, it.fd[0], POLLER_READ));
	REFUSED(ENOMEM,
		socket_until(it.N, it.fd[0], POLLER_READ, no_work, NULL));
	starve(0, 0);
	say(it.fd[1], "x");
	assert_int_equal(socket_read(it.N, it.fd[0], bytes, 8), 1);
	return end(ud);
}

static void no_memory_for_the_frames(void **state)
{
	static struct setting shared = { 1, "" };
	void *setting = &shared;

	(void)state;
#ifdef COROUTINE_STRICT
	fprintf(stderr, "not in strict mode: no memory for the frames: nobody "
			"is copied, so nobody needs memory\n");
	skip();
#endif
	begin(&setting, 2);
	half_pair(0);
	spawn(0, starve_and_read);
	spawn(1, wait_for_news);
	assert_int_equal(dispatcher_round(it.D, 0), 2);
	cond_signal(&it.cond);
	run_all(2);
	close(it.fd[1]);
	finish();
}

/* ---- All tests, on both pollers ------------------------------------------ */

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(names),
		ONCE_TEST(a_poller_refuses),
		ONCE_TEST(a_poller_reports_once),
		ONCE("a hang-up is reported once", a_hang_up_is_reported_once),
		ONCE_TEST(a_poller_reports_room_to_write),
		ONCE_TEST(a_poller_prefers_nobody),
		ONCE_TEST(a_poller_interrupted),
		ONCE_TEST(refusals),
		ONCE_TEST(not_adopted),
		ONCE_TEST(regular_files),
		ONCE_TEST(calls_from_outside),
		EACH_TEST(a_read_waits),
		EACH_TEST(long_streams),
		ONCE("long streams over TCP", long_streams_over_tcp),
		EACH_TEST(streams_in_chaos),
		ONCE_TEST(dribbled_and_half_closed),
		ONCE_TEST(short_counts),
		ONCE_TEST(reads_and_writes_hurt),
		ONCE("no SIGPIPE", no_sigpipe),
		ONCE_TEST(a_reset),
		ONCE_TEST(bytes_and_end_at_once),
		ONCE_TEST(urgent_data),
		ONCE_TEST(a_short_read_with_more_behind),
		EACH_TEST(accept_and_connect),
		ONCE_TEST(accept_and_connect_in_chaos),
		ONCE_TEST(an_interrupted_connect),
		ONCE("connect after a hang-up", connect_after_a_hang_up),
		ONCE_TEST(a_refused_connect),
		ONCE_TEST(a_connect_and_its_deadline),
		ONCE_TEST(accept_errors),
		ONCE_TEST(accepted_for_this_program_alone),
		ONCE_TEST(listening_refusals),
		ONCE_TEST(a_limit_that_falls),
		EACH_TEST(a_greedy_reader),
		EACH_TEST(a_turn_counts_bytes),
		EACH_TEST(closed_in_the_others_turn),
		EACH_TEST(many_readers),
		EACH_TEST(both_directions),
		EACH_TEST(close_wakes_all),
		EACH_TEST(closed_and_used_again),
		ONCE_TEST(a_close_that_fails),
		EACH_TEST(closing_all),
		ONCE_TEST(wait_for_one),
		EACH_TEST(the_first_event_wins),
		ONCE_TEST(the_same_one_twice),
		EACH_TEST(ready_no_more),
		EACH_TEST(a_deadline_for_every_call),
		ONCE_TEST(one_deadline_for_many_reads),
		EACH_TEST(deadline_and_event_at_once),
		ONCE_TEST(how_long_the_poller_sleeps),
		ONCE_TEST(deadlock_and_report),
		EACH_TEST(stale_events),
		EACH_TEST(closed_within_a_batch),
		ONCE_TEST(a_poller_that_fails),
		ONCE_TEST(reports_for_nothing),
		ONCE_TEST(what_the_end_means),
		ONCE_TEST(try_to_read),
		ONCE_TEST(try_to_write),
		ONCE("try, and then wait", try_and_then_wait),
		ONCE("a short try over TCP", a_short_try_over_tcp),
		ONCE_TEST(a_reset_of_ours),
		EACH_TEST(the_loop_works),
		ONCE_TEST(work_at_once),
		EACH_TEST(nobody_starves),
		EACH_TEST(several_with_work),
		ONCE_TEST(done_is_done),
		EACH_TEST(work_in_either_direction),
		EACH_TEST(long_streams_by_work),
		EACH_TEST(work_in_vain),
		ONCE_TEST(done_and_interrupted),
		ONCE_TEST(closed_between_two_tries),
		EACH_TEST(work_that_closes),
		ONCE_TEST(what_work_must_not_do),
		ONCE_TEST(a_poller_that_fails_at_work),
		ONCE_TEST(a_child_of_fork),
		ONCE_TEST(a_copy_stays_open),
		ONCE("SIGPIPE is ignored", sigpipe_is_ignored),
		EACH_TEST(a_thousand_pairs),
		ONCE("calls per message over TCP", calls_per_message_over_tcp),
		ONCE_TEST(calls_per_message_at_work),
		ONCE_TEST(calls_per_message_over_a_pair),
		ONCE_TEST(calls_per_message_of_several),
		ONCE_TEST(no_calls_without_waiting),
		ONCE_TEST(registered_once),
		ONCE("every allocation fails in turn", allocations_fail),
		ONCE("nothing is allocated once adopted", nothing_is_allocated),
		ONCE_TEST(no_memory_for_the_frames),
	};

	return run_on_both_pollers("socket", "", entries,
				   sizeof(entries) / sizeof(entries[0]));
}
