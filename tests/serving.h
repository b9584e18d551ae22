/* What the tests of lesson 12 share: a server and its clients in one dispatcher,
 * where the clients are coroutines beside the server's own, and time is a number:
 * see calls.h. Most connections are local sockets, whose bytes are there as soon
 * as they are written; TCP is for resets. Include it after cmocka.h. */
#ifndef SERVING_H
#define SERVING_H

#include "settings.h"
#include "starve.h"
#include "calls.h"

#include "../lessons/12-servers/server.h"

#include <sys/un.h>

enum {
	CLIENTS = 8,
	MANY = 200,
	NETWORK = 100, /* milliseconds that TCP may take */
	LONG = 1000000
};

#define PATIENCE (100 * TIMER_MS)
#define GRACE (1000 * TIMER_MS)

struct where {
	struct sockaddr_storage address;
	socklen_t length;
};

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct server_options options;
	struct server *s;
	struct network *N;
	struct timer *T;
	struct where front; /* the server */
	struct where back;  /* whom it connects to */
	char log[4096];
	char heard[4096];
	int numbers[CLIENTS];
	int spawned;
	int done;
	int serves; /* connections so far */
	int fd[4];
	long count;
	char *bytes;
	long long moment;
	long yields;
	int taken[SERVER_STATES][SERVER_STATES];
	int open; /* descriptors before the test */
} it;

/* ---- Scaffolding --------------------------------------------------------- */

static inline void note(const char *format, ...)
{
	size_t length = strlen(it.log);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(it.log + length, sizeof(it.log) - length, format, arguments);
	va_end(arguments);
}

static inline void noted(const char *words)
{
	assert_string_equal(it.log, words);
}

/* An abstract address: all of its bytes count, and no file has to be removed. */
static inline int listen_locally(struct where *w)
{
	static int number;
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(local.sun_path + 1, sizeof(local.sun_path) - 1,
		 "serving %ld %d", (long)getpid(), number++);
	w->length = sizeof(local);
	memcpy(&w->address, &local, sizeof(local));
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&local, w->length), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

static inline int listen_by_tcp(struct where *w)
{
	int fd = socket_listen(NULL, 0);

	sleeper.wait = NETWORK;
	w->length = sizeof(w->address);
	assert_true(fd >= 0);
	assert_int_equal(
		getsockname(fd, (struct sockaddr *)&w->address, &w->length), 0);
	return fd;
}

/* Also what a failed test has left. */
static inline void begin_plainly(void)
{
	memset(&it, 0, sizeof(it));
	calls_begin();
	starve(0, 0);
	memory.blocks = 0;
	it.open = open_descriptors();
	for (int i = 0; i < CLIENTS; i++)
		it.numbers[i] = i;
}

static inline void begin(void **state, server_func serve)
{
	const struct setting *setting = (const struct setting *)*state;

	begin_plainly();
	it.options =
		(struct server_options){ .listener = listen_locally(&it.front),
					 .serve = serve,
					 .connections = CLIENTS,
					 .stacks = setting->stacks,
					 .others = CLIENTS,
					 .patience = PATIENCE,
					 .grace = GRACE,
					 .poller = backend,
					 .clock = &fake };
}

static inline void begin_tcp(void **state, server_func serve)
{
	begin(state, serve);
	close(it.options.listener);
	it.options.listener = listen_by_tcp(&it.front);
}

static inline void trace(void *ud, struct server *s, int from, int to)
{
	assert_ptr_equal(ud, &it);
	assert_ptr_equal(s, it.s);
	assert_int_equal(server_status(s), to);
	it.taken[from][to]++;
}

static inline void open_server(void)
{
	it.s = server_open(&it.options);
	assert_non_null(it.s);
	it.N = server_loop(it.s)->N;
	it.T = server_loop(it.s)->T;
	assert_int_equal(server_trace(it.s, trace, &it), 0);
}

static inline void spawn(dispatcher_func func)
{
	struct dispatcher *D = server_loop(it.s)->D;
	int id = dispatcher_spawn(D, "client", func, &it.numbers[it.spawned++]);

	assert_true(id >= 0);
	assert_int_equal(dispatcher_detach(D, id), 0);
}

static inline void spawn_all(int count, dispatcher_func func)
{
	while (count-- > 0)
		spawn(func);
}

static inline void close_server(void)
{
	assert_int_equal(server_close(it.s), 0);
	free(it.bytes);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

static inline void must_be(int state, int connections)
{
	assert_int_equal(server_status(it.s), state);
	assert_int_equal(server_connections(it.s), connections);
}

/* Then clients may still have something to hear. */
static inline void run(void)
{
	assert_int_equal(server_run(it.s), 0);
	must_be(SERVER_STOPPED, 0);
	while (it.done < it.spawned)
		assert_true(dispatcher_round(server_loop(it.s)->D, 1) != -1);
}

static inline void finish(void)
{
	run();
	close_server();
}

/* ---- For clients ----------------------------------------------------------- */

static inline void *end(void)
{
	if (++it.done == it.spawned)
		server_stop(it.s);
	return NULL;
}

static inline int new_socket(const struct where *w)
{
	int fd = socket(w->address.ss_family, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(socket_adopt(it.N, fd), 0);
	return fd;
}

static inline const struct sockaddr *address(const struct where *w)
{
	return (const struct sockaddr *)&w->address;
}

static inline int call_to(const struct where *w)
{
	int fd = new_socket(w);

	assert_int_equal(socket_connect(it.N, fd, address(w), w->length), 0);
	return fd;
}

static inline int call(void)
{
	return call_to(&it.front);
}

static inline void say(int fd, const char *words)
{
	assert_int_equal(socket_write(it.N, fd, words, strlen(words)),
			 (int)strlen(words));
}

/* What comes next, or how it ended. */
static inline const char *hear(int fd)
{
	ssize_t count = socket_read(it.N, fd, it.heard, sizeof(it.heard) - 1);

	if (count == 0)
		return "end";
	if (count == -1)
		return errno == ECONNRESET ? "reset" : strerror(errno);
	it.heard[count] = '\0';
	return it.heard;
}

static inline void must_hear(int fd, const char *words)
{
	assert_string_equal(hear(fd), words);
}

static inline void hang_up(int fd)
{
	assert_int_equal(socket_close(it.N, fd), 0);
}

static inline void sleep_for(long long duration)
{
	assert_int_equal(timer_sleep(it.T, duration), 0);
}

/* Lets all others go as far as they can. */
static inline void let_run(void)
{
	sleep_for(TIMER_MS);
}

static inline const char *hear_to_the_end(int fd)
{
	const char *words;

	do
		words = hear(fd);
	while (words == it.heard);
	return words;
}

static inline void reset(int fd)
{
	static const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	hang_up(fd);
}

static inline void *stop_soon(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	sleep_for(10 * TIMER_MS);
	server_stop(it.s);
	it.done++;
	return NULL;
}

/* ---- Behind the server ----------------------------------------------------- */

static inline void listen_beside(int fd)
{
	it.fd[0] = fd;
	assert_int_equal(socket_adopt(it.N, fd), 0);
}

static inline int connect_on(struct connection *c)
{
	return connection_connect(c, address(&it.back), it.back.length);
}

/* It hears this, and it.fd[1] too. */
static inline void both_hear(int fd, const char *words)
{
	assert_string_equal(hear_to_the_end(fd), words);
	assert_string_equal(hear_to_the_end(it.fd[1]), words);
	hang_up(fd);
	hang_up(it.fd[1]);
}

#endif
