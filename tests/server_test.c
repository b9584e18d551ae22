/* The promises of lesson 12: the server, the relay, the responder. Every test
 * runs on epoll and on poll(), and time is a number: see calls.h, and starve.h.
 *
 * A server and its clients live in one dispatcher: the clients are coroutines
 * beside the server's own. Most connections are local sockets, whose bytes are
 * there as soon as they are written; TCP is for resets. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"
#include "calls.h"

#include "../lessons/12-servers/relay.h"
#include "../lessons/12-servers/responder.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
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
	struct sockets *N;
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
	long deadlines; /* calls of timer_deadline() */
	long yields;
	int taken[SERVER_STATES][SERVER_STATES];
	int open; /* descriptors before the test */
} it;

long long __real_timer_deadline(struct timer *T, long long when);
long long __wrap_timer_deadline(struct timer *T, long long when);

long long __wrap_timer_deadline(struct timer *T, long long when)
{
	it.deadlines++;
	return __real_timer_deadline(T, when);
}

/* ---- Scaffolding --------------------------------------------------------- */

static void note(const char *format, ...)
{
	size_t length = strlen(it.log);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(it.log + length, sizeof(it.log) - length, format, arguments);
	va_end(arguments);
}

static void noted(const char *words)
{
	assert_string_equal(it.log, words);
}

/* An abstract address: all of its bytes count, and no file has to be removed. */
static int listen_locally(struct where *w)
{
	static int number;
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(local.sun_path + 1, sizeof(local.sun_path) - 1,
		 "server_test %ld %d", (long)getpid(), number++);
	w->length = sizeof(local);
	memcpy(&w->address, &local, sizeof(local));
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&local, w->length), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

static int listen_by_tcp(struct where *w)
{
	int fd = server_listen(NULL, 0);

	sleeper.wait = NETWORK;
	w->length = sizeof(w->address);
	assert_true(fd >= 0);
	assert_int_equal(
		getsockname(fd, (struct sockaddr *)&w->address, &w->length), 0);
	return fd;
}

static void serve_echo(struct connection *c)
{
	char bytes[64];
	ssize_t count = 1;

	it.serves++;
	while (count > 0 && connection_idle(c) == 0) {
		count = connection_read(c, c->fd, bytes, sizeof(bytes));
		if (count > 0 &&
		    connection_write(c, c->fd, bytes, (size_t)count) == -1)
			count = -1;
	}
}

/* Also what a failed test has left. */
static void begin_plainly(void)
{
	memset(&it, 0, sizeof(it));
	calls_begin();
	starve(0, 0);
	memory.blocks = 0;
	it.open = open_descriptors();
	for (int i = 0; i < CLIENTS; i++)
		it.numbers[i] = i;
}

static void begin(void **state, server_func serve)
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

static void begin_tcp(void **state, server_func serve)
{
	begin(state, serve);
	close(it.options.listener);
	it.options.listener = listen_by_tcp(&it.front);
}

static void trace(void *ud, struct server *s, int from, int to)
{
	assert_ptr_equal(ud, &it);
	assert_ptr_equal(s, it.s);
	assert_int_equal(server_status(s), to);
	it.taken[from][to]++;
}

static void open_server(void)
{
	it.s = server_open(&it.options);
	assert_non_null(it.s);
	it.N = server_sockets(it.s);
	it.T = server_timer(it.s);
	assert_int_equal(server_trace(it.s, trace, &it), 0);
}

static void spawn(dispatcher_func func)
{
	struct dispatcher *D = server_dispatcher(it.s);
	int id = dispatcher_spawn(D, "client", func, &it.numbers[it.spawned++]);

	assert_true(id >= 0);
	assert_int_equal(dispatcher_detach(D, id), 0);
}

static void spawn_all(int count, dispatcher_func func)
{
	while (count-- > 0)
		spawn(func);
}

static void close_server(void)
{
	assert_int_equal(server_close(it.s), 0);
	free(it.bytes);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

static void must_be(int state, int connections)
{
	assert_int_equal(server_status(it.s), state);
	assert_int_equal(server_connections(it.s), connections);
}

/* Then clients may still have something to hear. */
static void run(void)
{
	assert_int_equal(server_run(it.s), 0);
	must_be(SERVER_STOPPED, 0);
	while (it.done < it.spawned)
		assert_true(dispatcher_round(server_dispatcher(it.s), 1) != -1);
}

static void finish(void)
{
	run();
	close_server();
}

/* ---- For clients ----------------------------------------------------------- */

static void *end(void)
{
	if (++it.done == it.spawned)
		server_stop(it.s);
	return NULL;
}

static int new_socket(const struct where *w)
{
	int fd = socket(w->address.ss_family, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(socket_adopt(it.N, fd), 0);
	return fd;
}

static const struct sockaddr *address(const struct where *w)
{
	return (const struct sockaddr *)&w->address;
}

static int call_to(const struct where *w)
{
	int fd = new_socket(w);

	assert_int_equal(socket_connect(it.N, fd, address(w), w->length), 0);
	return fd;
}

static int call(void)
{
	return call_to(&it.front);
}

/* From outside, of the test's own, before the server runs. */
static int knock(const char *words)
{
	int fd = socket(it.front.address.ss_family, SOCK_STREAM, 0);
	size_t length = strlen(words);

	assert_int_equal(
		__real_connect(fd, address(&it.front), it.front.length), 0);
	assert_int_equal(__real_write(fd, words, length), (int)length);
	return fd;
}

static void say(int fd, const char *words)
{
	assert_int_equal(socket_write_full(it.N, fd, words, strlen(words)),
			 (int)strlen(words));
}

/* What comes next, or how it ended. */
static const char *hear(int fd)
{
	ssize_t count = socket_read(it.N, fd, it.heard, sizeof(it.heard) - 1);

	if (count == 0)
		return "end";
	if (count == -1)
		return errno == ECONNRESET ? "reset" : strerror(errno);
	it.heard[count] = '\0';
	return it.heard;
}

static void must_hear(int fd, const char *words)
{
	assert_string_equal(hear(fd), words);
}

static void hang_up(int fd)
{
	assert_int_equal(socket_close(it.N, fd), 0);
}

static void sleep_for(long long duration)
{
	assert_int_equal(timer_sleep(it.T, duration), 0);
}

/* Lets all others go as far as they can. */
static void let_run(void)
{
	sleep_for(TIMER_MS);
}

/* ---- Open, and what is refused --------------------------------------------- */

static void not_with(struct server_options o, int error)
{
	REFUSED_NULL(error, server_open(&o));
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

#define NOT_WITH(error, field, value)                       \
	do {                                                \
		struct server_options changed = it.options; \
		changed.field = value;                      \
		not_with(changed, error);                   \
	} while (0)

static void options_out_of_range(void **state)
{
	int pair[2];

	begin(state, serve_echo);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	it.open = open_descriptors();
	REFUSED_NULL(EINVAL, server_open(NULL));
	NOT_WITH(EINVAL, serve, NULL);
	NOT_WITH(EINVAL, connections, -1);
	NOT_WITH(EINVAL, connections, 1000001);
	NOT_WITH(EINVAL, parts, -1);
	NOT_WITH(EINVAL, parts, SERVER_PARTS + 1);
	NOT_WITH(EINVAL, stacks, -1);
	NOT_WITH(EINVAL, others, -1);
	NOT_WITH(EINVAL, others, 1000001);
	NOT_WITH(EINVAL, patience, -1);
	NOT_WITH(EINVAL, grace, -1);
	NOT_WITH(EINVAL, poller, "select");
	NOT_WITH(EBADF, listener, -1);
	NOT_WITH(EBADF, listener, HIGHEST - 1);
	NOT_WITH(EINVAL, listener, pair[0]);
	assert_int_equal(__real_close(pair[0]), 0);
	assert_int_equal(__real_close(pair[1]), 0);
	assert_int_equal(pipe(pair), 0);
	NOT_WITH(ENOTSOCK, listener, pair[0]);
	assert_int_equal(__real_close(pair[0]), 0);
	assert_int_equal(__real_close(pair[1]), 0);
	assert_int_equal(__real_close(it.options.listener), 0);
}

static void *call_from_inside(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	REFUSED(EALREADY, server_run(it.s));
	REFUSED(EBUSY, server_close(it.s));
	return end();
}

static void close_in_generator(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	REFUSED(EBUSY, server_close(it.s));
}

static void *call_from_a_generator(struct dispatcher *D, void *ud)
{
	struct schedule *S = dispatcher_schedule(D);

	(void)ud;
	coroutine_resume(S, coroutine_new(S, close_in_generator, NULL));
	return end();
}

static void calls_out_of_place(void **state)
{
	int number;

	begin(state, serve_echo);
	it.options.ud = &number;
	open_server();
	REFUSED(EINVAL, server_run(NULL));
	REFUSED(EINVAL, server_stop(NULL));
	REFUSED(EINVAL, server_trace(NULL, trace, &it));
	assert_int_equal(server_close(NULL), 0);
	assert_int_equal(server_status(NULL), SERVER_STOPPED);
	assert_int_equal(server_connections(NULL), 0);
	must_be(SERVER_STOPPED, 0);
	assert_ptr_equal(server_ud(it.s), &number);
	spawn(call_from_inside);
	spawn(call_from_a_generator);
	run();
	REFUSED(EALREADY, server_run(it.s));
	close_server();
}

static void words_of_the_table(void **state)
{
	(void)state;
	assert_string_equal(server_status_name(SERVER_STOPPED), "STOPPED");
	assert_string_equal(server_status_name(SERVER_OPEN), "OPEN");
	assert_string_equal(server_status_name(SERVER_FULL), "FULL");
	assert_string_equal(server_status_name(SERVER_SHORT), "SHORT");
	assert_string_equal(server_status_name(SERVER_STOPPING), "STOPPING");
	assert_null(server_status_name(-1));
	assert_null(server_status_name(SERVER_STATES));
	assert_null(server_event(-1, SERVER_OPEN));
	assert_null(server_event(SERVER_OPEN, SERVER_STATES));
	assert_null(server_event(SERVER_STOPPED, SERVER_STOPPING));
	assert_string_equal(server_event(SERVER_STOPPED, SERVER_OPEN), "run");
}

static int has_option(int fd, int level, int name)
{
	int value = 0;
	socklen_t size = sizeof(value);

	assert_int_equal(__real_getsockopt(fd, level, name, &value, &size), 0);
	return value != 0;
}

static void a_listener(void **state)
{
	const struct sockaddr_in *in;
	int fd, port;

	(void)state;
	begin_plainly();
	fd = listen_by_tcp(&it.front);
	assert_int_equal(fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(has_option(fd, SOL_SOCKET, SO_REUSEADDR), 1);
	in = (const struct sockaddr_in *)address(&it.front);
	assert_int_equal(in->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	port = ntohs(in->sin_port);
	REFUSED(EADDRINUSE, server_listen("127.0.0.1", port));
	REFUSED(EINVAL, server_listen(NULL, -1));
	REFUSED(EINVAL, server_listen(NULL, 65536));
	REFUSED(EINVAL, server_listen("localhost", 0));
	hurt(SOCKET, EMFILE, 1);
	REFUSED(EMFILE, server_listen(NULL, 0));
	hurt(BIND, EACCES, 1);
	REFUSED(EACCES, server_listen(NULL, 80));
	hurt(LISTEN, EADDRINUSE, 1);
	REFUSED(EADDRINUSE, server_listen("0.0.0.0", 0));
	__real_close(fd);
	assert_int_equal(open_descriptors(), it.open);
	fd = server_listen("::1", 0); /* unless this machine has none of it */
	assert_true(fd >= 0 || errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
	if (fd >= 0)
		__real_close(fd);
}

static int open_and_close(void **state)
{
	struct server *s = server_open(&it.options);

	(void)state;
	if (s == NULL)
		return 0;
	it.options.listener = listen_locally(&it.front);
	return server_close(s) == 0;
}

/* The call fails, the first after so many. Returns whether there was one. */
static int fails(enum call call, int skip)
{
	int before = open_descriptors(), was_hurt;
	struct server *s;

	hurt(call, ENOMEM, 1);
	calls[call].skip = skip;
	s = server_open(&it.options);
	was_hurt = calls[call].times == 0;
	calls_begin();
	if (s == NULL) {
		assert_int_equal(errno, ENOMEM);
		assert_int_equal(memory.blocks, 0);
		assert_int_equal(open_descriptors(), before);
		it.count++;
		return was_hurt;
	}
	assert_int_equal(server_close(s), 0);
	assert_int_equal(open_descriptors(), before - 1);
	it.options.listener = listen_locally(&it.front);
	return was_hurt;
}

static void whatever_fails_nothing_leaks(void **state)
{
	begin(state, serve_echo);
	each_allocation_fails(open_and_close, state);
	for (int c = 0; c < CALLS; c++)
		for (int skip = 0; fails((enum call)c, skip); skip++)
			;
	/* The pipe, its registration and the listener's, what a descriptor is
	 * asked and told of those, and whether the listener listens. */
	assert_int_equal(it.count, strcmp(backend, "epoll") == 0 ? 9 : 6);
	assert_int_equal(close(it.options.listener), 0);
	assert_int_equal(open_descriptors(), it.open);
}

/* A program that this one becomes has none of them. */
static void no_descriptor_is_handed_on(void **state)
{
	static int before[HIGHEST];

	begin_tcp(state, serve_echo);
	for (int fd = 0; fd < HIGHEST; fd++)
		before[fd] = __real_fcntl(fd, F_GETFD, 0);
	open_server();
	for (int fd = 0; fd < HIGHEST; fd++)
		if (before[fd] == -1 && __real_fcntl(fd, F_GETFD, 0) != -1) {
			assert_int_equal(__real_fcntl(fd, F_GETFD, 0),
					 FD_CLOEXEC);
			it.count++;
		}
	assert_in_range(it.count, 2, 3); /* the bell, and epoll's */
	close_server();
}

static void serve_once_and_stop(struct connection *c);

static void a_server_as_it_is_when_nothing_is_asked(void **state)
{
	struct server_options few = { .serve = serve_once_and_stop };
	char bytes[8] = "";
	int fd;

	begin(state, serve_echo);
	few.listener = it.options.listener;
	if (((const struct setting *)*state)->stacks)
		few.stacks = 2000; /* more than it has use for */
	it.options = few;
	open_server();
	fd = knock("hello");
	sleeper.wait = NETWORK; /* and the system's own clock */
	run();
	assert_int_equal(__real_read(fd, bytes, 8), 5);
	__real_close(fd);
	close_server();
}

/* ---- Many, and too many ------------------------------------------------------ */

static void *greet(struct dispatcher *D, void *ud)
{
	int fd = call();
	char words[16];

	(void)D;
	snprintf(words, sizeof(words), "hello %d", *(int *)ud);
	for (int i = 0; i < 3; i++) {
		say(fd, words);
		must_hear(fd, words);
	}
	hang_up(fd);
	return end();
}

static void many_are_served_at_once(void **state)
{
	begin(state, serve_echo);
	open_server();
	spawn_all(CLIENTS, greet);
	finish();
	assert_int_equal(it.serves, CLIENTS);
	assert_int_equal(it.taken[SERVER_OPEN][SERVER_SHORT], 0);
}

static void serve_and_count(struct connection *c)
{
	(void)c;
	note("%d ", server_connections(it.s));
	sleep_for(TIMER_MS);
	if (server_connections(it.s) == 3)
		server_stop(it.s);
}

/* The door has three at once, and a turn for whom it has let in. */
static void one_is_let_in_at_a_time(void **state)
{
	int fds[3];

	begin(state, serve_and_count);
	open_server();
	for (int i = 0; i < 3; i++)
		fds[i] = knock("");
	run();
	noted("1 2 3 ");
	for (int i = 0; i < 3; i++)
		__real_close(fds[i]);
	close_server();
}

static void *come_stay_and_go(struct dispatcher *D, void *ud)
{
	int me = *(int *)ud, fd = call();

	(void)D;
	say(fd, "hello");
	must_hear(fd, "hello");
	note("%d in, ", me);
	let_run();
	if (me < 4)
		must_be(SERVER_FULL, 2);
	hang_up(fd);
	note("%d out, ", me);
	return end();
}

static void when_full_the_next_ones_wait_in_order(void **state)
{
	begin(state, serve_echo);
	it.options.connections = 2;
	open_server();
	spawn_all(6, come_stay_and_go);
	run();
	noted("0 in, 1 in, 0 out, 1 out, 2 in, 3 in, 2 out, 3 out, 4 in, 5 in, "
	      "4 out, 5 out, ");
	assert_int_equal(it.taken[SERVER_OPEN][SERVER_FULL], 3);
	assert_int_equal(it.taken[SERVER_FULL][SERVER_OPEN], 2);
	assert_int_equal(it.serves, 6);
	close_server();
}

static void starve_the_full(void *ud, struct server *s, int from, int to)
{
	(void)ud;
	(void)from;
	starve(1, to == SERVER_FULL ? LONG_MAX : 0);
	note("%s ", server_status_name(to));
	if (to == SERVER_FULL)
		__real_close(it.fd[0]);
	else if (to == SERVER_OPEN && it.serves == 1)
		server_stop(s);
}

/* The first one ends when the door has to wait for that. */
static void when_full_the_door_takes_no_memory(void **state)
{
	begin(state, serve_echo);
	it.options.connections = it.options.stacks = 1;
	open_server();
	server_trace(it.s, starve_the_full, NULL);
	it.fd[0] = knock("");
	run();
	noted("OPEN FULL OPEN STOPPING STOPPED ");
	close_server();
}

static int turns(void)
{
	return MANY / scale() > 4 ? MANY / scale() : 4;
}

static void *come_and_go_in_turn(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	for (int i = 0; i < turns(); i++) {
		fd = call();
		say(fd, "hello");
		must_hear(fd, "hello");
		hang_up(fd);
	}
	return end();
}

static void serve_twofold_echo(struct connection *c);

static void a_place_can_be_taken_again_at_once(void **state)
{
	begin(state, serve_twofold_echo);
	it.options.connections = 1;
	it.options.parts = 2;
	open_server();
	spawn_all(CLIENTS, come_and_go_in_turn);
	finish();
	assert_int_equal(it.serves, CLIENTS * turns());
}

static void *come_in_need(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "hello");
	let_run();
	must_be(SERVER_SHORT, 0);
	must_hear(fd, "hello");
	it.moment = sleeper.now;
	let_run();
	must_be(SERVER_OPEN, 1);
	hang_up(fd);
	return end();
}

static void short_for_a_second(int error)
{
	hurt(ACCEPT, error, 1);
	open_server();
	spawn(come_in_need);
	run();
	assert_true(it.moment == TIMER_SECOND);
	assert_int_equal(it.taken[SERVER_SHORT][SERVER_OPEN], 1);
	assert_int_equal(calls[ACCEPT].times, 0);
	close_server();
}

static void without_a_descriptor_a_second_passes_and_none_is_lost(void **state)
{
	static const int errors[] = { EMFILE, ENFILE, ENOMEM, ENOBUFS };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		begin(state, serve_echo);
		short_for_a_second(errors[i]);
	}
}

static void *leave_when_short(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "hello");
	must_hear(fd, "hello");
	hurt(ACCEPT, EMFILE, 1);
	sleep_for(10 * TIMER_MS);
	must_be(SERVER_SHORT, 1);
	hang_up(fd);
	return end();
}

static void *come_when_short(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	let_run();
	fd = call();
	say(fd, "hello");
	must_hear(fd, "hello");
	assert_true(sleeper.now < 12 * TIMER_MS);
	hang_up(fd);
	return end();
}

static void without_a_descriptor_it_goes_on_when_one_has_ended(void **state)
{
	begin(state, serve_echo);
	open_server();
	spawn(leave_when_short);
	spawn(come_when_short);
	finish();
}

static void who_went_away_before_is_passed_over(void **state)
{
	static const int errors[] = { ECONNABORTED, EPROTO, EINTR };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		begin(state, serve_echo);
		hurt(ACCEPT, errors[i], 3);
		open_server();
		spawn(greet);
		finish();
		assert_int_equal(it.taken[SERVER_OPEN][SERVER_SHORT], 0);
		assert_int_equal(calls[ACCEPT].times, 0);
	}
}

static void *wait_for_ever(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	timer_sleep_until(it.T, TIMER_NEVER);
	return NULL;
}

static void more_others_than_were_said(void **state)
{
	for (int extra = 2; extra <= 3; extra++) {
		begin(state, serve_echo);
		it.options.connections = 1;
		it.options.others = 1;
		open_server();
		spawn_all(1 + extra, wait_for_ever);
		REFUSED(EAGAIN, server_run(it.s));
		must_be(SERVER_STOPPED, 0);
		close_server();
	}
}

static void *find_no_place(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	must_hear(fd, "end");
	must_be(SERVER_OPEN, 0);
	hang_up(fd);
	server_stop(it.s);
	return NULL;
}

/* Their coroutine has taken the connection's place. */
static void one_other_too_many(void **state)
{
	begin(state, serve_echo);
	it.options.connections = 1;
	it.options.others = 1;
	open_server();
	spawn(find_no_place);
	spawn(wait_for_ever);
	assert_int_equal(server_run(it.s), 0);
	assert_int_equal(it.serves, 0);
	close_server();
}

/* ---- Patience ------------------------------------------------------------------ */

static void note_when(ssize_t result)
{
	note("%s at %lld", result ? strerror(errno) : "end",
	     sleeper.now / TIMER_MS);
}

static void serve_and_note(struct connection *c)
{
	char bytes[64];
	ssize_t count;

	do {
		count = connection_idle(c);
		if (count == 0)
			count = connection_read(c, c->fd, bytes, sizeof(bytes));
	} while (count > 0);
	note_when(count);
}

/* Up to the end. */
static int take_what_there_is(void *ud)
{
	struct connection *c = (struct connection *)ud;
	char bytes[64];
	ssize_t count;

	do
		count = connection_try_read(c, c->fd, bytes, sizeof(bytes));
	while (count > 0);
	return count == 0 || errno != EAGAIN;
}

static void serve_by_work_and_note(struct connection *c)
{
	note_when(
		connection_until(c, c->fd, POLLER_READ, take_what_there_is, c));
}

static void *say_a_word_then_nothing(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	if (it.moment > 0) {
		sleep_for(it.moment);
		say(fd, "x");
	}
	must_hear(fd, "end");
	note(", %lld", sleeper.now / TIMER_MS);
	hang_up(fd);
	return end();
}

static void ends_at(void **state, void (*begin_it)(void **, server_func),
		    server_func serve, long long moment, const char *words)
{
	begin_it(state, serve);
	it.moment = moment * TIMER_MS;
	open_server();
	spawn(say_a_word_then_nothing);
	run();
	noted(words);
	close_server();
}

static void who_says_nothing_ends_after_the_patience(void **state)
{
	static const server_func each[] = { serve_and_note,
					    serve_by_work_and_note };
	char once[100], twice[100];

	snprintf(once, sizeof(once), "%s at 100, 100", strerror(ETIMEDOUT));
	snprintf(twice, sizeof(twice), "%s at 200, 200", strerror(ETIMEDOUT));
	for (int i = 0; i < 2; i++) {
		ends_at(state, begin, each[i], 0, once);
		ends_at(state, begin, each[i], 1, twice);
		ends_at(state, begin, each[i], 99, twice);
		ends_at(state, begin_tcp, each[i], 50, twice);
	}
}

static void the_patience_that_nobody_set(void **state)
{
	begin(state, serve_and_note);
	it.options.patience = 0;
	open_server();
	spawn(say_a_word_then_nothing);
	run();
	assert_true(sleeper.now == 60 * TIMER_SECOND);
	close_server();
}

static void *say_a_word_now_and_then(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < 20; i++) {
		sleep_for(PATIENCE - TIMER_MS);
		say(fd, "x");
		must_hear(fd, "x");
	}
	hang_up(fd);
	return end();
}

static void who_says_a_word_in_time_goes_on(void **state)
{
	begin(state, serve_echo);
	open_server();
	spawn(say_a_word_now_and_then);
	finish();
}

static void *talk_for_long(struct dispatcher *D, void *ud)
{
	int fd = call();
	long before;

	(void)D;
	(void)ud;
	say(fd, "x");
	must_hear(fd, "x");
	before = it.deadlines;
	for (int i = 0; i < MANY; i++) {
		say(fd, "x");
		must_hear(fd, "x");
	}
	it.count = it.deadlines - before;
	hang_up(fd);
	return end();
}

static void patience_costs_nothing_as_long_as_bytes_move(void **state)
{
	begin(state, serve_echo);
	open_server();
	spawn(talk_for_long);
	finish();
	assert_int_equal(it.count, 0);
}

static void serve_strictly(struct connection *c)
{
	char bytes[8];
	ssize_t count;

	sleep_for(10 * TIMER_MS);
	connection_patience(c, 1);
	do
		count = connection_read(c, c->fd, bytes, sizeof(bytes));
	while (count > 0);
	note_when(count);
	connection_patience(c, 0);
	do
		count = connection_read(c, c->fd, bytes, sizeof(bytes));
	while (count > 0);
	note(", ");
	note_when(count);
}

static void *dribble(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < 30; i++) {
		sleep_for(PATIENCE / 10);
		say(fd, "x");
	}
	hang_up(fd);
	return end();
}

static void strict_patience_counts_from_when_it_was_set(void **state)
{
	char words[100];

	begin(state, serve_strictly);
	open_server();
	spawn(dribble);
	run();
	snprintf(words, sizeof(words), "%s at 110, end at 300",
		 strerror(ETIMEDOUT));
	noted(words);
	close_server();
}

static int never(void *ud)
{
	(void)ud;
	fail_msg("work after a refusal");
	return 1;
}

static void serve_until_an_error(struct connection *c)
{
	char bytes[8];

	assert_int_equal(connection_read(c, c->fd, bytes, 1), 1);
	hurt(READ, ETIMEDOUT, 1);
	REFUSED(ETIMEDOUT, (int)connection_read(c, c->fd, bytes, 1));
	assert_int_equal(connection_read(c, c->fd, bytes, 1), 1);
	hurt(WRITE, ETIMEDOUT, 1);
	REFUSED(ETIMEDOUT, connection_write(c, c->fd, "x", 1));
	hurt(READ, ECONNRESET, 1);
	REFUSED(ECONNRESET, (int)connection_read(c, c->fd, bytes, 1));
	hurt(WRITE, EIO, 1);
	REFUSED(EIO, connection_write(c, c->fd, "x", 1));
	REFUSED(EBADF, (int)connection_read(c, HIGHEST - 1, bytes, 1));
	REFUSED(EBADF, connection_write(c, HIGHEST - 1, "x", 1));
	REFUSED(EBADF, connection_await(c, HIGHEST - 1, POLLER_READ));
	REFUSED(EINVAL, connection_await(c, c->fd, 0));
	REFUSED(EBADF, connection_until(c, HIGHEST - 1, POLLER_READ, never, c));
	REFUSED(EINVAL, connection_until(c, c->fd, 0, never, c));
	REFUSED(EINVAL, connection_until(c, c->fd, POLLER_READ, NULL, c));
	assert_int_equal(connection_write(c, c->fd, "", 0), 0);
	hurt(READ, EIO, 1);
	REFUSED(EIO, (int)connection_try_read(c, c->fd, bytes, 8));
	REFUSED(EBADF, (int)connection_try_read(c, HIGHEST - 1, bytes, 8));
	assert_int_equal(connection_try_read(c, c->fd, bytes, 8), 1);
	assert_int_equal(bytes[0], 'z');
	REFUSED(EAGAIN, (int)connection_try_read(c, c->fd, bytes, 8));
	it.count++;
}

static void *say_three_bytes(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "xyz");
	assert_string_not_equal(hear(fd), "");
	hang_up(fd);
	return end();
}

static void an_error_of_the_system_is_told_as_it_is(void **state)
{
	begin(state, serve_until_an_error);
	open_server();
	spawn(say_three_bytes);
	finish();
	assert_int_equal(it.count, 1);
}

static void *sit_for_a_year(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "hello");
	must_hear(fd, "hello");
	for (int day = 0; day < 365; day++)
		sleep_for(24 * 3600 * TIMER_SECOND);
	say(fd, "hello");
	must_hear(fd, "hello");
	hang_up(fd);
	return end();
}

static void patience_may_be_for_ever(void **state)
{
	begin(state, serve_echo);
	it.options.patience = it.options.grace = TIMER_NEVER;
	sleeper.now = TIMER_SECOND;
	open_server();
	spawn(sit_for_a_year);
	finish();
}

static void *say_nothing_and_go(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	let_run();
	fd = call();
	it.count = calls[READ].count;
	let_run();
	it.count = calls[READ].count - it.count;
	hang_up(fd);
	return end();
}

/* It has a place, and costs no system call. */
static void who_has_said_nothing_is_not_asked(void **state)
{
	begin(state, serve_echo);
	open_server();
	spawn(say_nothing_and_go);
	finish();
	assert_int_equal(it.serves, 1);
	assert_int_equal(it.count, 0);
}

/* ---- The stop -------------------------------------------------------------------- */

static void stopped_before_it_runs(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	begin(state, serve_echo);
	open_server();
	hurt(WRITE, EINTR, 1);
	assert_int_equal(server_stop(it.s), 0);
	must_be(SERVER_STOPPED, 0);
	assert_int_equal(server_run(it.s), 0);
	must_be(SERVER_STOPPED, 0);
	REFUSED(ECONNREFUSED,
		__real_connect(fd, address(&it.front), it.front.length));
	assert_int_equal(it.taken[SERVER_OPEN][SERVER_STOPPING], 1);
	close_server();
	__real_close(fd);
}

static void never_run(void **state)
{
	begin(state, serve_echo);
	open_server();
	close_server();
}

static void serve_and_stop(struct connection *c)
{
	(void)c;
	errno = ESPIPE;
	hurt(WRITE, EINTR, 1);
	server_stop(it.s);
	assert_int_equal(errno, ESPIPE);
}

static void *hear_the_end(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	must_hear(fd, "end");
	note("%lld, ", sleeper.now / TIMER_MS);
	hang_up(fd);
	it.done++;
	return NULL;
}

static void stopped_by_who_serves(void **state)
{
	begin(state, serve_and_stop);
	open_server();
	spawn(hear_the_end);
	run();
	noted("0, ");
	close_server();
}

static void on_signal(int number)
{
	(void)number;
	hurt(WRITE, EAGAIN, 0);
	server_stop(it.s);
}

static void *raise_a_signal(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	raise(SIGUSR1);
	it.done++;
	return NULL;
}

static void stopped_by_a_signal_handler(void **state)
{
	struct sigaction action = { .sa_handler = on_signal }, before;

	begin(state, serve_echo);
	open_server();
	spawn(raise_a_signal);
	spawn(hear_the_end);
	sigaction(SIGUSR1, &action, &before);
	run();
	sigaction(SIGUSR1, &before, NULL);
	noted("0, ");
	close_server();
}

static void *stop_it(void *ud)
{
	server_stop((struct server *)ud);
	return NULL;
}

static void stopped_by_another_thread(void **state)
{
	pthread_t thread;

	begin(state, serve_echo);
	open_server();
	assert_int_equal(pthread_create(&thread, NULL, stop_it, it.s), 0);
	assert_int_equal(server_run(it.s), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_server();
}

/* A request is a word; its answer takes as many milliseconds as it says. */
static void serve_slowly(struct connection *c)
{
	char bytes[16] = "";

	while (connection_idle(c) == 0) {
		if (connection_read(c, c->fd, bytes, sizeof(bytes) - 1) <= 0)
			return;
		timer_deadline(it.T, TIMER_NEVER);
		if (timer_sleep(it.T, atoi(bytes) * TIMER_MS) == -1)
			note("%s, ", strerror(errno));
		connection_patience(c, 0);
		if (connection_write(c, c->fd, "done", 4) == -1)
			return;
	}
	note("%s, ", strerror(errno));
}

static void *ask_slowly(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "80");
	must_hear(fd, "done");
	note("%lld, ", sleeper.now / TIMER_MS);
	must_hear(fd, "end");
	hang_up(fd);
	it.done++;
	return NULL;
}

static void *stop_and_come_late(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	sleep_for(10 * TIMER_MS);
	server_stop(it.s);
	let_run();
	must_be(SERVER_STOPPING, 1);
	fd = new_socket(&it.front);
	REFUSED(ECONNREFUSED,
		socket_connect(it.N, fd, address(&it.front), it.front.length));
	hang_up(fd);
	it.done++;
	return NULL;
}

static void when_it_stops_the_idle_go_and_the_busy_finish(void **state)
{
	char words[100];

	begin(state, serve_slowly);
	open_server();
	spawn(ask_slowly);
	spawn(hear_the_end);
	spawn(stop_and_come_late);
	run();
	snprintf(words, sizeof(words), "%s, 10, %s, 80, ", strerror(ECANCELED),
		 strerror(ECANCELED));
	noted(words);
	assert_true(sleeper.now == 80 * TIMER_MS);
	close_server();
}

static void *ask_for_ever(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "99999");
	must_hear(fd, "reset");
	note("%lld", sleeper.now / TIMER_MS);
	hang_up(fd);
	it.done++;
	return NULL;
}

static void *stop_soon(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	sleep_for(10 * TIMER_MS);
	server_stop(it.s);
	it.done++;
	return NULL;
}

static void *stop_later(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	sleep_for(500 * TIMER_MS);
	server_stop(it.s);
	server_stop(it.s);
	it.done++;
	return NULL;
}

static void grace_is_over_and_who_is_left_is_cut(void **state)
{
	char words[100];

	begin_tcp(state, serve_slowly);
	open_server();
	spawn(ask_for_ever);
	spawn(stop_soon);
	run();
	snprintf(words, sizeof(words), "%s, 1010", strerror(ECANCELED));
	noted(words);
	close_server();
}

static void the_grace_that_nobody_set(void **state)
{
	begin_tcp(state, serve_slowly);
	it.options.grace = 0;
	open_server();
	spawn(ask_for_ever);
	spawn(stop_soon);
	run();
	assert_true(sleeper.now == 10 * TIMER_SECOND + 10 * TIMER_MS);
	close_server();
}

static void a_second_stop_cuts_at_once(void **state)
{
	char words[100];

	begin_tcp(state, serve_slowly);
	it.options.grace = TIMER_NEVER;
	open_server();
	spawn(ask_for_ever);
	spawn(stop_soon);
	spawn(stop_later);
	run();
	snprintf(words, sizeof(words), "%s, 500", strerror(ECANCELED));
	noted(words);
	close_server();
}

/* The bell is full, and rings all the same. */
static void stopped_very_often(void **state)
{
	begin(state, serve_echo);
	open_server();
	for (long i = 0; i < 100000; i++)
		server_stop(it.s);
	assert_int_equal(server_run(it.s), 0);
	close_server();
}

/* Resets are counted, and other words noted. */
static void *hear_what_comes(struct dispatcher *D, void *ud)
{
	int fd = call();
	const char *words = hear(fd);

	(void)D;
	if (strcmp(words, "reset") == 0)
		it.count++;
	else
		note("%d: %s, ", *(int *)ud, words);
	hang_up(fd);
	it.done++;
	return NULL;
}

static void stop_while_full(void **state)
{
	begin(state, serve_echo);
	it.options.connections = 1;
	open_server();
	spawn_all(3, hear_what_comes);
	spawn(stop_soon);
	run();
	noted("0: end, ");
	assert_int_equal(it.count, 2);
	assert_int_equal(it.serves, 1);
	assert_int_equal(it.taken[SERVER_FULL][SERVER_STOPPING], 1);
	close_server();
}

static void stop_while_short(void **state)
{
	begin(state, serve_echo);
	hurt(ACCEPT, EMFILE, 1);
	open_server();
	spawn(hear_what_comes);
	spawn(stop_soon);
	run();
	assert_int_equal(it.count, 1);
	assert_int_equal(it.serves, 0);
	assert_int_equal(it.taken[SERVER_SHORT][SERVER_STOPPING], 1);
	assert_true(sleeper.now == 10 * TIMER_MS);
	close_server();
}

static void *stop_and_call(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	let_run();
	server_stop(it.s);
	fd = call();
	note("%s", hear(fd));
	hang_up(fd);
	it.done++;
	return NULL;
}

/* The bell is heard before the door: it has the lower number, and rang first. */
static void who_comes_in_the_moment_of_the_stop_is_not_let_in(void **state)
{
	int high;

	begin(state, serve_echo);
	high = __real_fcntl(it.options.listener, F_DUPFD, 100);
	__real_close(it.options.listener);
	it.options.listener = high;
	open_server();
	spawn(stop_and_call);
	run();
	noted("end");
	assert_int_equal(it.serves, 0);
	close_server();
}

static void serve_a_greeting(struct connection *c)
{
	char bytes[8];
	ssize_t count;

	assert_int_equal(connection_idle(c), 0);
	if (it.moment)
		assert_int_equal(connection_try_read(c, c->fd, bytes, 1), 1);
	else
		assert_int_equal(connection_write(c, c->fd, "what?", 5), 0);
	do
		count = connection_read(c, c->fd, bytes, 1);
	while (count == 1 && bytes[0] != 'y');
	note("%s, ", count == 1 ? "well" : "cut");
	connection_write(c, c->fd, "yes", 3);
}

static void *answer_late(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "x");
	if (it.moment)
		let_run();
	else
		must_hear(fd, "what?");
	server_stop(it.s);
	sleep_for(20 * TIMER_MS);
	say(fd, "y");
	must_hear(fd, "yes");
	hang_up(fd);
	it.done++;
	return NULL;
}

static void whoever_has_moved_a_byte_is_not_idle(void **state)
{
	for (int tries = 0; tries <= 1; tries++) {
		begin(state, serve_a_greeting);
		it.moment = tries;
		open_server();
		spawn(answer_late);
		run();
		noted("well, ");
		close_server();
	}
}

static void *do_nothing(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	return end();
}

static void every_edge_is_taken_and_no_other(void **state)
{
	int taken[SERVER_STATES][SERVER_STATES] = { 0 };

	static void (*const scenes[])(void **state) = {
		stop_while_full, stop_while_short, stopped_before_it_runs,
		when_full_the_next_ones_wait_in_order,
		without_a_descriptor_a_second_passes_and_none_is_lost
	};
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		scenes[i](state);
		for (int from = 0; from < SERVER_STATES; from++)
			for (int to = 0; to < SERVER_STATES; to++)
				taken[from][to] |= it.taken[from][to] > 0;
	}
	for (int from = 0; from < SERVER_STATES; from++)
		for (int to = 0; to < SERVER_STATES; to++)
			assert_int_equal(taken[from][to],
					 server_event(from, to) != NULL);
}

static void a_trace_can_end(void **state)
{
	begin(state, serve_echo);
	open_server();
	assert_int_equal(server_trace(it.s, NULL, NULL), 0);
	spawn(do_nothing);
	run();
	assert_int_equal(it.taken[SERVER_STOPPED][SERVER_OPEN], 0);
	close_server();
}

/* ---- Coroutines of a connection, and its end --------------------------------- */

static void echo_once(struct connection *c)
{
	char bytes[16];
	ssize_t count = connection_read(c, c->fd, bytes, sizeof(bytes));

	if (count > 0)
		connection_write(c, c->fd, bytes, (size_t)count);
	while (connection_read(c, c->fd, bytes, sizeof(bytes)) > 0)
		;
}

static void serve_twofold_echo(struct connection *c)
{
	it.serves++;
	assert_int_equal(connection_also(c, echo_once), 0);
	REFUSED(EAGAIN, connection_also(c, echo_once));
}

static void serve_singly(struct connection *c)
{
	REFUSED(EINVAL, connection_also(c, NULL));
	REFUSED(EAGAIN, connection_also(c, echo_once));
	echo_once(c);
}

static void *say_hello(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "hello");
	must_hear(fd, "hello");
	hang_up(fd);
	return end();
}

static void a_connection_has_as_many_coroutines_as_was_said(void **state)
{
	for (int parts = 0; parts <= 1; parts++) {
		begin(state, serve_singly);
		it.options.parts = parts;
		open_server();
		spawn(say_hello);
		finish();
	}
}

static void sleep_then_say(struct connection *c)
{
	sleep_for(50 * TIMER_MS);
	assert_int_equal(connection_write(c, c->fd, "last", 4), 0);
	assert_int_equal(connection_also(c, echo_once), 0);
}

static void serve_and_leave(struct connection *c)
{
	assert_int_equal(connection_also(c, sleep_then_say), 0);
}

static void *hear_the_last(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	must_hear(fd, "last");
	say(fd, "hello");
	must_hear(fd, "hello");
	let_run();
	must_be(SERVER_FULL, 1);
	hang_up(fd);
	let_run();
	must_be(SERVER_OPEN, 0);
	return end();
}

static void a_connection_ends_with_its_last_coroutine(void **state)
{
	begin(state, serve_and_leave);
	it.options.connections = 1; /* no memory lies behind it */
	it.options.parts = 2;
	open_server();
	spawn(hear_the_last);
	finish();
}

/* A connection whose other end is a client's, it.fd[1]. */
static int new_peer(void)
{
	int fd = call_to(&it.back);

	it.fd[1] = socket_accept(it.N, it.fd[0]);
	assert_true(it.fd[1] >= 0);
	return fd;
}

static void listen_beside(int fd)
{
	it.fd[0] = fd;
	assert_int_equal(socket_adopt(it.N, fd), 0);
}

static void refused_after_a_cut(struct connection *c)
{
	char byte;

	REFUSED(ECANCELED, (int)connection_read(c, c->fd, &byte, 1));
	REFUSED(ECANCELED, connection_write(c, c->fd, "x", 1));
	REFUSED(ECANCELED, connection_await(c, c->peer, POLLER_WRITE));
	REFUSED(ECANCELED, connection_idle(c));
	REFUSED(ECANCELED, (int)connection_try_read(c, c->fd, &byte, 1));
	REFUSED(ECANCELED,
		connection_until(c, c->peer, POLLER_WRITE, never, c));
	it.count++;
}

static void wait_to_be_cut(struct connection *c)
{
	char bytes[8];

	REFUSED(ECANCELED, (int)connection_read(c, c->peer, bytes, 1));
	refused_after_a_cut(c);
}

/* Work that says that it is done. */
static int cut_it(void *ud)
{
	connection_cut((struct connection *)ud);
	return 1;
}

static void serve_and_cut(struct connection *c)
{
	char bytes[8];

	c->peer = new_peer();
	assert_int_equal(connection_also(c, wait_to_be_cut), 0);
	assert_int_equal(connection_read(c, c->fd, bytes, 1), 1);
	assert_int_equal(connection_write(c, c->fd, "half of", 7), 0);
	assert_int_equal(connection_write(c, c->peer, "half of", 7), 0);
	REFUSED(ECANCELED,
		connection_until(c, c->peer, POLLER_WRITE, cut_it, c));
	refused_after_a_cut(c);
}

static const char *hear_to_the_end(int fd)
{
	const char *words;

	do
		words = hear(fd);
	while (words == it.heard);
	return words;
}

static void both_hear(int fd, const char *words)
{
	assert_string_equal(hear_to_the_end(fd), words);
	assert_string_equal(hear_to_the_end(it.fd[1]), words);
	hang_up(fd);
	hang_up(it.fd[1]);
}

static void *hear_the_cut(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "x");
	both_hear(fd, "reset");
	assert_int_equal(it.count, 2);
	return end();
}

static void a_cut_is_a_reset_on_both_sides(void **state)
{
	begin_tcp(state, serve_and_cut);
	it.options.parts = 2;
	open_server();
	listen_beside(listen_by_tcp(&it.back));
	spawn(hear_the_cut);
	finish();
}

static void read_to_a_failure(struct connection *c)
{
	char byte;

	if (connection_read(c, c->fd, &byte, 1) == -1)
		note("%s, ", strerror(errno));
	connection_cut(c);
}

static void serve_to_a_failure(struct connection *c)
{
	assert_int_equal(connection_also(c, read_to_a_failure), 0);
	read_to_a_failure(c);
}

static void reset(int fd)
{
	static const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	hang_up(fd);
}

static void *call_and_reset(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	let_run();
	reset(fd);
	let_run();
	return end();
}

/* The system tells it once; whoever asks next would see an end. */
static void a_failure_looks_like_the_end_to_nobody(void **state)
{
	char words[100];

	begin_tcp(state, serve_to_a_failure);
	it.options.parts = 2;
	open_server();
	spawn(call_and_reset);
	run();
	snprintf(words, sizeof(words), "%s, %s, ", strerror(ECONNRESET),
		 strerror(ECANCELED));
	noted(words);
	close_server();
}

static void serve_without_waiting(struct connection *c)
{
	long all = 0;
	ssize_t count;

	do {
		count = connection_try_write(c, c->fd, it.heard, 1000);
		all += count;
		assert_string_equal(it.log, "");
	} while (count > 0);
	assert_int_equal(count, 0);
	assert_true(all > 1000);
	note("full");
	assert_int_equal(connection_read(c, c->fd, it.heard, 1), 1);
	assert_true(connection_try_write(c, c->fd, it.heard, 1000) > 0);
	hurt(WRITE, EPIPE, 1);
	REFUSED(EPIPE, (int)connection_try_write(c, c->fd, it.heard, 1));
	connection_cut(c);
	REFUSED(ECANCELED, (int)connection_try_write(c, c->fd, it.heard, 1));
}

static void *see_it_full(struct dispatcher *D, void *ud)
{
	int fd = call();
	ssize_t count;

	(void)D;
	(void)ud;
	let_run();
	noted("full");
	timer_deadline(it.T, timer_now(it.T) + TIMER_MS);
	do
		count = socket_read(it.N, fd, it.heard, sizeof(it.heard));
	while (count > 0);
	timer_deadline(it.T, TIMER_NEVER);
	say(fd, "x");
	hear_to_the_end(fd);
	hang_up(fd);
	return end();
}

static void a_try_to_write_does_not_wait(void **state)
{
	begin(state, serve_without_waiting);
	open_server();
	spawn(see_it_full);
	finish();
}

static void serve_with_a_peer(struct connection *c)
{
	c->peer = new_peer();
}

static void *hear_the_end_of_both(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	must_hear(fd, "end"); /* whoever serves has to accept first */
	both_hear(fd, "end");
	return end();
}

static void the_end_closes_both_sides(void **state)
{
	begin(state, serve_with_a_peer);
	open_server();
	listen_beside(listen_locally(&it.back));
	spawn(hear_the_end_of_both);
	finish();
}

static void hear_of_the_end(struct connection *c)
{
	assert_ptr_equal(c->ud, &it);
	c->ud = it.log; /* another time it is not what it was */
	assert_int_equal(__real_fcntl(c->fd, F_GETFD, 0), -1);
	assert_int_equal(__real_fcntl(c->peer, F_GETFD, 0), -1);
	assert_int_equal(timer_now(server_timer(c->server)), sleeper.now);
	it.count++;
}

/* The first, the third ... are told; each finds the place as if it were new. */
static void serve_and_be_told(struct connection *c)
{
	assert_null(c->ud);
	assert_true(c->ended == NULL);
	if (it.serves % 2 == 0) {
		c->peer = new_socket(&it.front);
		c->ud = &it;
		c->ended = hear_of_the_end;
	}
	serve_echo(c);
}

static void an_end_is_told_once_and_to_who_asked(void **state)
{
	begin(state, serve_and_be_told);
	it.options.connections = 1;
	open_server();
	spawn_all(CLIENTS, greet);
	finish();
	assert_int_equal(it.serves, CLIENTS);
	assert_int_equal(it.count, CLIENTS / 2);
}

/* ---- Connecting on ------------------------------------------------------------- */

static int connect_on(struct connection *c)
{
	return connection_connect(c, address(&it.back), it.back.length);
}

static void not_connected(struct connection *c, enum call hurt_one, int error)
{
	int before = open_descriptors();

	hurt(hurt_one, error, 1);
	REFUSED(error, connect_on(c));
	assert_int_equal(c->peer, -1);
	assert_int_equal(open_descriptors(), before);
}

static void serve_and_connect(struct connection *c)
{
	REFUSED(EINVAL, connection_connect(c, NULL, 0));
	not_connected(c, SOCKET, EMFILE);
	not_connected(c, FCNTL, EIO);
	if (strcmp(backend, "epoll") == 0)
		not_connected(c, EPOLL_CTL, ENOMEM);
	assert_int_equal(connect_on(c), 0);
	assert_int_equal(__real_fcntl(c->peer, F_GETFD, 0), FD_CLOEXEC);
	assert_true(has_option(c->fd, IPPROTO_TCP, TCP_NODELAY));
	assert_true(has_option(c->peer, IPPROTO_TCP, TCP_NODELAY));
	REFUSED(EINVAL, connect_on(c));
	assert_int_equal(connection_write(c, c->peer, "hello", 5), 0);
	it.count++;
}

static void *hear_from_behind(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	it.fd[1] = socket_accept(it.N, it.fd[0]);
	must_hear(it.fd[1], "hello");
	both_hear(fd, "end");
	return end();
}

static void connects_on(void **state)
{
	begin_tcp(state, serve_and_connect);
	open_server();
	listen_beside(listen_by_tcp(&it.back));
	spawn(hear_from_behind);
	finish();
	assert_int_equal(it.count, 1);
}

static void serve_and_connect_in_vain(struct connection *c)
{
	REFUSED(ECONNREFUSED, connect_on(c));
	assert_true(c->peer >= 0);
	it.count++;
}

static void *hear_from_the_front(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void a_refused_connect_leaks_nothing(void **state)
{
	begin_tcp(state, serve_and_connect_in_vain);
	__real_close(listen_by_tcp(&it.back));
	open_server();
	spawn(hear_from_the_front);
	finish();
	assert_int_equal(it.count, 1);
}

/* ---- A run that goes wrong ------------------------------------------------------- */

static void *break_the_poller(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	let_run();
	must_be(SERVER_OPEN, CLIENTS - 2);
	hurt(waiting_call(), EIO, 1);
	return NULL;
}

/* One has ended before. */
static void a_poller_that_fails_ends_the_run(void **state)
{
	begin(state, serve_and_be_told);
	open_server();
	spawn(greet);
	spawn_all(CLIENTS - 2, hear_what_comes);
	spawn(break_the_poller);
	REFUSED(EIO, server_run(it.s));
	noted("");
	assert_int_equal(it.count, 1);
	close_server();
	assert_int_equal(it.count, CLIENTS / 2);
}

static void serve_once_and_stop(struct connection *c)
{
	char bytes[16];
	ssize_t count = -1;

	if (connection_idle(c) == 0)
		count = connection_read(c, c->fd, bytes, sizeof(bytes));
	if (count > 0)
		connection_write(c, c->fd, bytes, (size_t)count);
	server_stop(it.s);
}

/* Who came may be lost, when there is no memory to adopt its descriptor. */
static void *stop_in_the_end(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	timer_sleep(it.T, 5 * TIMER_SECOND);
	server_stop(it.s);
	return NULL;
}

/* All of its coroutines share a stack, so that their waits ask for memory. */
static int a_short_session(void **state)
{
	char bytes[8] = "";
	int fd, result;

	(void)state;
	it.options.listener = listen_locally(&it.front);
	it.s = server_open(&it.options);
	if (it.s == NULL) {
		__real_close(it.options.listener);
		return 0;
	}
	it.T = server_timer(it.s);
	fd = knock("hello");
	spawn(stop_in_the_end);
	it.spawned = 0;
	sleeper.now = 0;
	result = server_run(it.s);
	assert_true(result == 0 ||
		    (errno == ENOMEM && sleeper.now < TIMER_SECOND));
	it.count += result == -1;
	must_be(SERVER_STOPPED, 0);
	server_close(it.s);
	if (__real_read(fd, bytes, 5) != 5)
		result = -1;
	__real_close(fd);
	return result == 0;
}

/* So many allocations in a row fail, from the first on, the second ... Returns
 * how many sessions ended by that. */
static long sessions_without_memory(void **state, long in_a_row)
{
	long n = 0;

	it.count = 0;
	do {
		starve(++n, in_a_row);
		a_short_session(state);
		assert_int_equal(memory.blocks, 0);
		assert_int_equal(open_descriptors(), it.open);
	} while (memory.failed > 0);
	starve(0, 0);
	return it.count;
}

static void without_memory_it_ends_and_never_hangs(void **state)
{
	begin(state, serve_once_and_stop);
	__real_close(it.options.listener);
	it.open = open_descriptors();
	it.options.stacks = 1;
	assert_int_equal(sessions_without_memory(state, 1), 0);
#ifdef COROUTINE_STRICT /* nobody is copied, so nobody's frames need memory */
	assert_int_equal(sessions_without_memory(state, 2), 0);
#else
	assert_int_equal(sessions_without_memory(state, 2), 1); /* keeper's */
#endif
	sessions_without_memory(state, LONG_MAX);
	each_allocation_fails(a_short_session, state);
}

/* ---- Fairness -------------------------------------------------------------------- */

static int take_a_byte(void *ud)
{
	struct connection *c = (struct connection *)ud;
	char byte;

	return connection_try_read(c, c->fd, &byte, 1) == 1;
}

static int read_one(struct connection *c)
{
	char byte;

	if (it.moment)
		return connection_until(c, c->fd, POLLER_READ, take_a_byte,
					c) == 0;
	return connection_read(c, c->fd, &byte, 1) == 1;
}

static void serve_one_busily(struct connection *c)
{
	char byte = '\0';

	if (connection_idle(c) == -1 ||
	    connection_read(c, c->fd, &byte, 1) != 1)
		return;
	if (byte != 'b') {
		connection_write(c, c->fd, &byte, 1);
		return;
	}
	while (it.count < MANY * 10 && read_one(c))
		it.count++;
	note("read, ");
	calls[WRITE].most = 1;
	assert_int_equal(connection_write(c, c->fd, it.bytes, MANY), 0);
	note("written, ");
}

static void *keep_it_busy(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	memset(it.bytes, 'b', MANY * 10 + 1);
	assert_int_equal(socket_write_full(it.N, fd, it.bytes, MANY * 10 + 1),
			 MANY * 10 + 1);
	assert_int_equal(socket_read_full(it.N, fd, it.heard, MANY), MANY);
	hang_up(fd);
	return end();
}

static void *ask_between(struct dispatcher *D, void *ud)
{
	int fd;

	(void)D;
	(void)ud;
	while (it.count == 0)
		dispatcher_yield(D);
	fd = call();
	say(fd, "1");
	must_hear(fd, "1");
	note("between, ");
	hang_up(fd);
	while (it.count < MANY * 10)
		dispatcher_yield(D);
	fd = call();
	say(fd, "2");
	must_hear(fd, "2");
	note("between, ");
	hang_up(fd);
	return end();
}

static void who_always_has_bytes_lets_others_have_a_turn(void **state)
{
	for (int by_work = 0; by_work <= 1; by_work++) {
		begin(state, serve_one_busily);
		it.moment = by_work;
		it.bytes = malloc(MANY * 10 + 1);
		open_server();
		spawn(keep_it_busy);
		spawn(ask_between);
		finish();
		noted("between, read, between, written, ");
	}
}

/* How often who could have gone on has stepped aside. */
static void count_yields(void *ud, struct dispatcher *D, int id, int from,
			 int to)
{
	(void)ud;
	(void)D;
	(void)id;
	it.yields += from == DISPATCHER_RUNNING && to == DISPATCHER_READY;
}

static void read_bytewise(struct connection *c)
{
	char byte;

	while (connection_read(c, c->fd, &byte, 1) == 1)
		;
}

static void *say_much(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	assert_int_equal(socket_write_full(it.N, fd, it.heard, 1600), 1600);
	hang_up(fd);
	return end();
}

/* The door has a turn for each that it lets in, too. */
static void a_turn_costs_one_switch_in_many_moves(void **state)
{
	begin(state, read_bytewise);
	open_server();
	dispatcher_trace(server_dispatcher(it.s), count_yields, NULL);
	spawn(say_much);
	finish();
	assert_in_range(it.yields, 90, 110);
	begin(state, serve_echo);
	open_server();
	dispatcher_trace(server_dispatcher(it.s), count_yields, NULL);
	spawn_all(2, talk_for_long);
	finish();
	assert_int_equal(it.yields, 2 + 2); /* and make_room() */
}

/* ---- The relays ------------------------------------------------------------------ */

static server_func relay_at_hand; /* of the test at hand */

static void serve_relay(struct connection *c)
{
	it.serves++;
	if (connect_on(c) == 0)
		relay_at_hand(c);
	it.count = c->cut;
}

static void open_relay(int behind)
{
	it.options.parts = 2;
	open_server();
	listen_beside(behind);
}

static void begin_relay(void **state)
{
	begin(state, serve_relay);
	open_relay(listen_locally(&it.back));
}

static void begin_tcp_relay(void **state)
{
	begin_tcp(state, serve_relay);
	open_relay(listen_by_tcp(&it.back));
}

/* Both ends: the one that calls, and it.fd[1] behind the relay. */
static int both_ends(void)
{
	int fd = call();

	it.fd[1] = socket_accept(it.N, it.fd[0]);
	assert_true(it.fd[1] >= 0);
	return fd;
}

static void *talk_both_ways(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	for (int i = 0; i < 3; i++) {
		say(fd, "to and");
		must_hear(it.fd[1], "to and");
		say(it.fd[1], "fro");
		must_hear(fd, "fro");
	}
	shutdown(fd, SHUT_WR);
	must_hear(it.fd[1], "end");
	for (int i = 0; i < 3; i++) {
		say(it.fd[1], "after the end");
		must_hear(fd, "after the end");
	}
	let_run();
	must_be(SERVER_OPEN, 1);
	shutdown(it.fd[1], SHUT_WR);
	must_hear(fd, "end");
	let_run();
	must_be(SERVER_OPEN, 0);
	hang_up(fd);
	hang_up(it.fd[1]);
	return end();
}

static void a_relay_goes_both_ways_and_ends_each_for_itself(void **state)
{
	begin_relay(state);
	spawn(talk_both_ways);
	finish();
}

static void *end_from_behind(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	shutdown(it.fd[1], SHUT_WR);
	must_hear(fd, "end");
	say(fd, "after the end");
	must_hear(it.fd[1], "after the end");
	hang_up(fd);
	must_hear(it.fd[1], "end");
	hang_up(it.fd[1]);
	return end();
}

static void the_other_side_may_end_first(void **state)
{
	begin_relay(state);
	spawn(end_from_behind);
	finish();
}

/* How much a descriptor takes before it would have to wait. */
static long fill(int fd)
{
	long all = 0;
	ssize_t count;

	timer_deadline(it.T, timer_now(it.T) + PATIENCE / 2);
	do {
		count = socket_write(it.N, fd, it.bytes + all, 4096);
		all += count > 0 ? count : 0;
		assert_true(all + 4096 <= LONG);
	} while (count > 0);
	assert_int_equal(errno, ETIMEDOUT);
	timer_deadline(it.T, TIMER_NEVER);
	return all;
}

static void *write_to_who_takes_nothing(struct dispatcher *D, void *ud)
{
	int fd = both_ends(), alone[2];
	long takes, count, blocks, all = 0;

	(void)D;
	(void)ud;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, alone), 0);
	assert_int_equal(socket_adopt(it.N, alone[0]), 0);
	takes = fill(alone[0]);
	hang_up(alone[0]);
	__real_close(alone[1]);
	blocks = memory.blocks;
	count = fill(fd);
	assert_int_equal(memory.blocks - blocks,
			 relay_at_hand == relay_by_loop);
	assert_true(count > takes);
	assert_true(count <= 2 * takes + RELAY_PIECE);
	shutdown(fd, SHUT_WR);
	for (ssize_t n = 1; n > 0; all += n) {
		n = socket_read(it.N, it.fd[1], it.heard, sizeof(it.heard));
		assert_true(n >= 0);
		assert_memory_equal(it.heard, it.bytes + all, (size_t)n);
	}
	assert_int_equal(all, count);
	hang_up(fd);
	hang_up(it.fd[1]);
	return end();
}

static void make_a_long_stream(void)
{
	it.bytes = malloc(LONG);
	for (long i = 0; i < LONG; i++)
		it.bytes[i] = (char)(i * 7 % 251);
}

static void who_takes_nothing_stops_who_writes(void **state)
{
	begin_relay(state);
	make_a_long_stream();
	spawn(write_to_who_takes_nothing);
	finish();
}

static void *fill_and_break_the_poller(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	fill(fd);
	fill(it.fd[1]);
	hurt(waiting_call(), EIO, 1);
	return NULL;
}

static void what_it_holds_is_freed_when_the_run_fails(void **state)
{
	begin_relay(state);
	make_a_long_stream();
	spawn(fill_and_break_the_poller);
	REFUSED(EIO, server_run(it.s));
	close_server();
}

/* A connection's coroutines. */
static void count_runs(void *ud, struct dispatcher *D, int id, int from, int to)
{
	(void)ud;
	(void)from;
	it.yields += to == DISPATCHER_RUNNING &&
		     strncmp(dispatcher_name(D, id), "connection", 10) == 0;
}

static void *talk_for_long_both_ways(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)ud;
	let_run();
	dispatcher_trace(D, count_runs, NULL);
	for (int i = 0; i < MANY; i++) {
		say(fd, "to and");
		must_hear(it.fd[1], "to and");
		say(it.fd[1], "fro");
		must_hear(fd, "fro");
	}
	dispatcher_trace(D, NULL, NULL);
	hang_up(fd);
	hang_up(it.fd[1]);
	return end();
}

static void a_message_makes_a_coroutine_run_or_none(void **state)
{
	begin_tcp_relay(state);
	spawn(talk_for_long_both_ways);
	finish();
	if (relay_at_hand == relay_by_loop)
		assert_int_equal(it.yields, 0);
	else
		assert_true(it.yields >= 2 * MANY);
}

/* Before that, three bytes have found room, but in the first case. */
static void *say_what_fails(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	let_run();
	say(fd, "hello");
	calls[WRITE].most = it.moment > 0 ? 3 : 0;
	if (it.moment < 2)
		hurt(WRITE, EPIPE, 1);
	else
		starve(1, 1);
	calls[WRITE].skip = (int)it.moment;
	hear_to_the_end(fd);
	hear_to_the_end(it.fd[1]);
	assert_true(sleeper.now < PATIENCE);
	hang_up(fd);
	hang_up(it.fd[1]);
	return end();
}

/* The write, that of what found no room, and the memory for that, which only
 * one of the relays takes. */
static void whatever_fails_on_the_way_is_a_cut(void **state)
{
	for (int what = 0; what < 2 + (relay_at_hand == relay_by_loop);
	     what++) {
		begin(state, serve_relay);
		it.options.stacks = 0; /* no wait takes memory */
		open_relay(listen_locally(&it.back));
		it.moment = what;
		spawn(say_what_fails);
		finish();
		assert_int_equal(it.count, 1);
		assert_int_equal(calls[WRITE].times, 0);
		assert_int_equal(memory.failed, what == 2);
	}
}

static void *reset_the_front(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	say(it.fd[1], "half of");
	must_hear(fd, "half of");
	reset(fd);
	must_hear(it.fd[1], "reset");
	hang_up(it.fd[1]);
	return end();
}

static void *reset_the_back(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	say(it.fd[1], "half of");
	must_hear(fd, "half of");
	shutdown(fd, SHUT_WR);
	must_hear(it.fd[1], "end");
	reset(it.fd[1]);
	must_hear(fd, "reset");
	hang_up(fd);
	return end();
}

static void *reset_after_the_end(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	shutdown(it.fd[1], SHUT_WR);
	must_hear(fd, "end");
	reset(it.fd[1]);
	shutdown(fd, SHUT_WR);
	let_run();
	hang_up(fd);
	return end();
}

static void an_end_that_cannot_be_passed_on_is_a_failure(void **state)
{
	begin_tcp_relay(state);
	spawn(reset_after_the_end);
	finish();
	assert_int_equal(it.count, 1);
}

static void *write_after_the_end(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	hang_up(it.fd[1]);
	must_hear(fd, "end");
	for (int i = 0; i < 2; i++) {
		must_be(SERVER_OPEN, 1);
		say(fd, "to nobody");
		let_run();
	}
	must_be(SERVER_OPEN, 0);
	hang_up(fd);
	return end();
}

static void bytes_that_cannot_be_passed_on_are_a_failure(void **state)
{
	begin_tcp_relay(state);
	spawn(write_after_the_end);
	finish();
	assert_int_equal(it.count, 1);
}

static void a_reset_of_one_side_is_one_of_the_other(void **state)
{
	begin_tcp_relay(state);
	spawn(reset_the_front);
	finish();
	begin_tcp_relay(state);
	spawn(reset_the_back);
	finish();
}

static void *fail_and_end_at_once(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	let_run();
	say(fd, "to nobody");
	shutdown(it.fd[1], SHUT_WR);
	hurt(WRITE, ECONNRESET, 1);
	both_hear(fd, "reset");
	return end();
}

/* Whoever comes second has nothing to pass on: that is no end. */
static void a_failure_goes_before_an_end(void **state)
{
	begin_tcp_relay(state);
	spawn(fail_and_end_at_once);
	finish();
}

static void *say_nothing_on_both(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	both_hear(fd, "reset");
	note("%lld", sleeper.now / TIMER_MS);
	return end();
}

static void a_relay_on_which_nothing_moves_resets_both(void **state)
{
	begin_tcp_relay(state);
	spawn(say_nothing_on_both);
	run();
	noted("100");
	close_server();
}

static void *talk_one_way(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	for (int i = 0; i < 20; i++) {
		sleep_for(PATIENCE - TIMER_MS);
		say(fd, "x");
		must_hear(it.fd[1], "x");
	}
	hang_up(fd);
	must_hear(it.fd[1], "end");
	hang_up(it.fd[1]);
	return end();
}

static void patience_counts_what_moves_either_way(void **state)
{
	begin_relay(state);
	spawn(talk_one_way);
	finish();
}

static void serve_relay_in_want(struct connection *c)
{
	if (connect_on(c) == 0) {
		starve(it.options.parts - 1, 1);
		relay_at_hand(c);
		starve(0, 0);
	}
	REFUSED(ECANCELED, connection_idle(c));
}

/* Of its second coroutine, or of memory: the one relay takes none. */
static void a_relay_in_want_is_a_reset(void **state)
{
	for (int parts = 1; parts <= 1 + (relay_at_hand == relay_by_loop);
	     parts++) {
		begin_tcp(state, serve_relay_in_want);
		it.options.parts = parts;
		open_server();
		listen_beside(listen_by_tcp(&it.back));
		spawn(say_nothing_on_both);
		run();
		noted("0");
		close_server();
	}
}

static void *send_a_long_stream(struct dispatcher *D, void *ud)
{
	int fd = it.fd[2 + *(int *)ud % 2];

	(void)D;
	assert_int_equal(socket_write_full(it.N, fd, it.bytes, LONG), LONG);
	shutdown(fd, SHUT_WR);
	return end();
}

static void *take_a_long_stream(struct dispatcher *D, void *ud)
{
	int fd = it.fd[2 + *(int *)ud % 2];
	char bytes[1000];
	ssize_t count;
	long all = 0;

	(void)D;
	while ((count = socket_read(it.N, fd, bytes, sizeof(bytes))) > 0) {
		assert_memory_equal(bytes, it.bytes + all, (size_t)count);
		all += count;
	}
	assert_int_equal(count, 0);
	assert_int_equal(all, LONG);
	return end();
}

static void *begin_long_streams(struct dispatcher *D, void *ud)
{
	int fd = both_ends();

	(void)D;
	(void)ud;
	it.fd[2] = fd;
	it.fd[3] = it.fd[1];
	spawn_all(2, send_a_long_stream);
	spawn_all(2, take_a_long_stream);
	return end();
}

static void long_streams_through_a_relay_in_chaos(void **state)
{
	begin_relay(state);
	make_a_long_stream();
	chaos = 5;
	spawn(begin_long_streams);
	finish();
}

/* ---- The responder ----------------------------------------------------------------- */

static void answer(struct connection *c, const struct http_request *r,
		   const char *head, struct responder_answer *a)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

	(void)c;
	note("%.*s ", r->target.length, head + r->target.at);
	a->status = 200;
	if (http_is(head, r->target, "/slow")) {
		a->status = timer_sleep(it.T, 10 * PATIENCE) ? 500 : 200;
	} else if (http_is(head, r->target, "/none")) {
		a->status = 404;
	} else if (http_is(head, r->target, "/not")) {
		a->status = 405;
	} else {
		a->block = letters;
		a->size = 26;
		a->length = it.count;
	}
	if (http_is(head, r->target, "/type"))
		a->type = it.bytes;
	if (http_is(head, r->target, "/block")) {
		a->block = it.bytes;
		a->length = a->size = 2000;
	}
	if (http_is(head, r->target, "/no-block"))
		a->size = 0;
	if (http_is(head, r->target, "/below-zero"))
		a->length = -1;
}

static void serve_http(struct connection *c)
{
	it.serves++;
	respond(c, answer);
}

static void begin_http(void **state)
{
	begin(state, serve_http);
	it.count = 3;
	open_server();
}

/* The head of an answer, byte by byte, without its date. */
static const char *hear_head(int fd)
{
	char *date, *rest;
	size_t length = 0;
	ssize_t count;

	do {
		count = socket_read(it.N, fd, it.heard + length, 1);
		if (count < 1)
			return count == 0 ? "end" : strerror(errno);
		it.heard[++length] = '\0';
	} while (strstr(it.heard, "\r\n\r\n") == NULL);
	date = strstr(it.heard, "Date: ");
	assert_non_null(date);
	rest = strstr(date, "GMT\r\n");
	assert_ptr_equal(rest, date + 32);
	memmove(date, rest + 5, strlen(rest + 5) + 1);
	return it.heard;
}

#define HEAD(status, length, fields)                          \
	"HTTP/1.1 " status "\r\nContent-Type: text/plain\r\n" \
	"Content-Length: " length "\r\n" fields "\r\n"

#define HOST "HTTP/1.1\r\nHost: h\r\n"
#define GET "GET / " HOST "\r\n"
#define CLOSE_FIELD "Connection: close\r\n"

static void must_answer(int fd, const char *head, const char *body)
{
	ssize_t length = (ssize_t)strlen(body);

	assert_string_equal(hear_head(fd), head);
	assert_int_equal(socket_read_full(it.N, fd, it.heard, (size_t)length),
			 length);
	assert_memory_equal(it.heard, body, (size_t)length);
}

static void must_say_abc(int fd)
{
	must_answer(fd, HEAD("200 OK", "3", ""), "abc");
}

static void say_bytewise(int fd, const char *words)
{
	for (; *words; words++) {
		assert_int_equal(socket_write(it.N, fd, words, 1), 1);
		dispatcher_yield(server_dispatcher(it.s));
	}
}

static void *ask_and_keep(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < 3; i++) {
		say(fd, GET);
		must_say_abc(fd);
	}
	say_bytewise(fd, GET);
	must_say_abc(fd);
	say(fd, "HEAD / " HOST "\r\n");
	must_answer(fd, HEAD("200 OK", "3", ""), "");
	say(fd, "GET /none " HOST "\r\n");
	must_answer(fd, HEAD("404 Not Found", "10", ""), "not found\n");
	say(fd, "PUT /not " HOST "\r\n");
	must_answer(
		fd,
		HEAD("405 Method Not Allowed", "10", "Allow: GET, HEAD\r\n"),
		"not found\n");
	say(fd, "GET /1.0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	must_answer(fd, HEAD("200 OK", "3", "Connection: keep-alive\r\n"),
		    "abc");
	say(fd, "GET / " HOST CLOSE_FIELD "\r\n" GET);
	must_answer(fd, HEAD("200 OK", "3", CLOSE_FIELD), "abc");
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void one_request_after_the_other_is_answered(void **state)
{
	begin_http(state);
	spawn(ask_and_keep);
	run();
	noted("/ / / / / /none /not /1.0 / ");
	assert_int_equal(it.serves, 1);
	close_server();
}

static void *ask_many_at_once(struct dispatcher *D, void *ud)
{
	char request[64];
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < MANY; i++) {
		snprintf(request, sizeof(request), "GET /%d " HOST "\r\n", i);
		memcpy(it.bytes + strlen(it.bytes), request,
		       strlen(request) + 1);
	}
	if (it.moment)
		say_bytewise(fd, it.bytes);
	else
		say(fd, it.bytes);
	for (int i = 0; i < MANY; i++)
		must_say_abc(fd);
	hang_up(fd);
	return end();
}

static void many_requests_at_once_are_answered_in_order(void **state)
{
	char words[MANY * 16] = "";

	for (int i = 0; i < MANY; i++)
		snprintf(words + strlen(words), 16, "/%d ", i);
	for (int bytewise = 0; bytewise <= 1; bytewise++) {
		begin_http(state);
		it.bytes = calloc(MANY, 64);
		it.moment = bytewise;
		spawn(ask_many_at_once);
		run();
		noted(words);
		close_server();
	}
}

static void say_body(int fd, int length)
{
	for (int piece; length > 0; length -= piece) {
		piece = length < 3000 ? length : 3000;
		assert_int_equal(
			socket_write_full(it.N, fd, it.bytes, (size_t)piece),
			piece);
		dispatcher_yield(server_dispatcher(it.s));
	}
}

static void *ask_with_bodies(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "PUT /a " HOST "Content-Length: 5\r\n\r\nGET /" GET);
	must_say_abc(fd);
	must_say_abc(fd);
	say(fd, "PUT /b " HOST "Content-Length: 5\r\n\r\n12");
	let_run();
	say(fd, "345GET");
	must_say_abc(fd);
	say(fd, " /c " HOST "\r\n");
	must_say_abc(fd);
	memset(it.bytes, 'x', 3000);
	say(fd, "PUT /d " HOST "Content-Length: 50000\r\n\r\n");
	say_body(fd, 50000);
	say(fd, GET);
	must_say_abc(fd);
	must_say_abc(fd);
	hang_up(fd);
	return end();
}

static void bodies_are_dropped(void **state)
{
	begin_http(state);
	it.bytes = malloc(3000);
	spawn(ask_with_bodies);
	run();
	noted("/a / /b /c /d / ");
	close_server();
}

static void *expect(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "GET / " HOST "Expect: 100-continue\r\n\r\n");
	must_say_abc(fd);
	say(fd, "PUT / " HOST "Content-Length: 5\r\n"
		"Expect: 100-continue\r\n\r\n");
	must_answer(fd, HEAD("200 OK", "3", CLOSE_FIELD), "abc");
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void who_waits_for_a_word_keeps_its_body(void **state)
{
	begin_http(state);
	spawn(expect);
	finish();
	assert_true(sleeper.now == 0);
}

#define LATE                                            \
	HEAD("408 Request Timeout", "47", CLOSE_FIELD), \
		"408 Request Timeout: the request took too long\n"

static void *dribble_a_head(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	sleep_for(PATIENCE / 2);
	for (int i = 0; i < 11; i++) {
		assert_int_equal(socket_write(it.N, fd, &GET[i], 1), 1);
		sleep_for(PATIENCE / 10);
	}
	must_answer(fd, LATE);
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

/* What is to be said waits for room, and has the time for that. */
static void *dribble_and_hinder_the_answer(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "G");
	hurt(WRITE, EAGAIN, 1);
	must_answer(fd, LATE);
	hang_up(fd);
	return end();
}

static void *dribble_a_body(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	sleep_for(PATIENCE / 2);
	say(fd, "PUT / " HOST "Content-Length: 50\r\n\r\n");
	for (int i = 0; i < 11; i++) {
		say(fd, "x");
		sleep_for(PATIENCE / 10);
	}
	must_answer(fd, LATE);
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void *dribble_the_second(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, GET "GE");
	must_say_abc(fd);
	must_answer(fd, LATE);
	note("at %lld ", sleeper.now / TIMER_MS);
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void a_request_that_does_not_come_in_time_is_a_408(void **state)
{
	begin_http(state);
	spawn(dribble_a_head);
	run();
	noted("");
	close_server();
	begin_http(state);
	spawn(dribble_and_hinder_the_answer);
	run();
	assert_int_equal(calls[WRITE].times, 0);
	close_server();
	begin_http(state);
	spawn(dribble_a_body);
	run();
	noted("");
	close_server();
	begin_http(state);
	spawn(dribble_the_second);
	run();
	noted("/ at 100 ");
	close_server();
}

static void *ask_once_then_nothing(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	if (it.moment) {
		say(fd, GET);
		must_say_abc(fd);
	}
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void who_asks_nothing_is_told_nothing(void **state)
{
	for (int asks = 0; asks <= 1; asks++) {
		begin_http(state);
		it.moment = asks;
		spawn(ask_once_then_nothing);
		run();
		assert_in_range(sleeper.now, PATIENCE, 2 * PATIENCE);
		close_server();
	}
}

static void *say_nonsense_for_long(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	memset(it.bytes, 'x', 3000);
	say(fd, "GET / HTTP/2.0\r\n\r\n");
	say_body(fd, 200000);
	assert_string_equal(
		hear_head(fd),
		HEAD("505 HTTP Version Not Supported", "60", CLOSE_FIELD));
	assert_string_equal(hear_to_the_end(fd), "end");
	hang_up(fd);
	let_run();
	let_run();
	must_be(SERVER_OPEN, 0);
	return end();
}

static void *send_a_body_all_the_same(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	memset(it.bytes, 'x', 3000);
	say(fd, "PUT / " HOST "Content-Length: 200000\r\n"
		"Expect: 100-continue\r\n\r\n");
	say_body(fd, 200000);
	must_answer(fd, HEAD("200 OK", "3", CLOSE_FIELD), "abc");
	must_hear(fd, "end");
	hang_up(fd);
	return end();
}

static void the_last_answer_is_not_overtaken_by_a_reset(void **state)
{
	static const dispatcher_func clients[] = { say_nonsense_for_long,
						   send_a_body_all_the_same };

	for (int i = 0; i < 2; i++) {
		begin_tcp(state, serve_http);
		it.bytes = malloc(3000);
		it.count = 3;
		open_server();
		spawn(clients[i]);
		finish();
	}
}

static void *never_hang_up(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "nonsense\r\n\r\n");
	assert_string_equal(hear_to_the_end(fd), "end");
	sleep_for(1999 * TIMER_MS);
	must_be(SERVER_OPEN, 1);
	sleep_for(2 * TIMER_MS);
	must_be(SERVER_OPEN, 0);
	hang_up(fd);
	return end();
}

static void who_does_not_hang_up_holds_a_place_for_two_seconds(void **state)
{
	begin_http(state);
	spawn(never_hang_up);
	finish();
}

static void *never_end(struct dispatcher *D, void *ud)
{
	int fd = call();
	long all = 0;
	ssize_t count = 0;

	(void)D;
	(void)ud;
	say(fd, "nonsense\r\n\r\n");
	for (; count != -1; all += count)
		count = socket_write(it.N, fd, it.bytes, 1000);
	assert_int_equal(errno, EPIPE);
	assert_in_range(all, 262144, 1000000);
	hang_up(fd);
	return end();
}

static void who_does_not_stop_sending_is_not_heard_for_ever(void **state)
{
	begin_http(state);
	it.bytes = calloc(1, 1000);
	spawn(never_end);
	finish();
}

static void *ask_what_takes_long(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < 2; i++) {
		say(fd, "GET /slow " HOST "\r\n");
		must_answer(fd, HEAD("200 OK", "10", ""), "not found\n");
	}
	hang_up(fd);
	return end();
}

static void an_answer_may_take_longer_than_the_patience(void **state)
{
	begin_http(state);
	spawn(ask_what_takes_long);
	finish();
	assert_true(sleeper.now == 20 * PATIENCE);
}

static void *ask_and_stop(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "GET /slow " HOST "\r\n" GET);
	sleep_for(PATIENCE);
	server_stop(it.s);
	must_answer(fd, HEAD("200 OK", "10", CLOSE_FIELD), "not found\n");
	must_hear(fd, "end");
	hang_up(fd);
	it.done++;
	return NULL;
}

static void *send_the_rest_when_it_stops(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "GET /half");
	sleep_for(PATIENCE);
	assert_int_equal(server_status(it.s), SERVER_STOPPING);
	say(fd, " " HOST "\r\n");
	must_answer(fd, HEAD("200 OK", "3", CLOSE_FIELD), "abc");
	must_hear(fd, "end");
	hang_up(fd);
	it.done++;
	return NULL;
}

static void *keep_it_open_when_it_stops(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, GET);
	must_say_abc(fd);
	must_hear(fd, "end");
	note("at %lld", sleeper.now / TIMER_MS);
	hang_up(fd);
	it.done++;
	return NULL;
}

static void who_asks_nothing_more_goes_when_the_server_stops(void **state)
{
	begin_tcp(state, serve_http);
	it.count = 3;
	open_server();
	spawn(keep_it_open_when_it_stops);
	spawn(stop_soon);
	run();
	noted("/ at 10");
	close_server();
}

static void a_request_is_finished_when_the_server_stops(void **state)
{
	begin_http(state);
	spawn(ask_and_stop);
	run();
	noted("/slow ");
	close_server();
	begin(state, serve_http);
	it.options.patience = 2 * PATIENCE;
	it.count = 3;
	open_server();
	spawn(send_the_rest_when_it_stops);
	spawn(stop_soon);
	run();
	noted("/half ");
	close_server();
}

static void *read_slowly(struct dispatcher *D, void *ud)
{
	int fd = call(), at = 0;
	ssize_t count;

	(void)D;
	(void)ud;
	say(fd, "GET /large " HOST "\r\n");
	assert_string_equal(hear_head(fd), HEAD("200 OK", "1000000", ""));
	while (at < LONG) {
		sleep_for(PATIENCE / 2);
		count = socket_read_full(it.N, fd, it.bytes, LONG / 20);
		assert_int_equal(count, LONG / 20);
		for (int i = 0; i < count; i++, at++)
			assert_int_equal(it.bytes[i], 'a' + at % 26);
	}
	say(fd, "HEAD / " HOST "\r\n");
	must_answer(fd, HEAD("200 OK", "1000000", ""), "");
	hang_up(fd);
	return end();
}

static void a_slow_reader_gets_all_of_a_large_answer(void **state)
{
	begin_http(state);
	it.count = LONG;
	it.bytes = malloc(LONG / 20);
	spawn(read_slowly);
	finish();
}

static void hear_body(int fd, int length)
{
	assert_int_equal(socket_read_full(it.N, fd, it.heard, (size_t)length),
			 length);
	for (int i = 0; i < length; i++)
		assert_int_equal(it.heard[i], 'a' + i % 26);
}

static void *ask_for_blocks(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	for (int i = 0; i < 2000; i++)
		it.bytes[i] = (char)('a' + i % 26);
	say(fd, "GET /block " HOST "\r\n");
	must_answer(fd, HEAD("200 OK", "2000", ""), "");
	hear_body(fd, 2000);
	say(fd, GET);
	must_answer(fd, HEAD("200 OK", "100", ""), "");
	hear_body(fd, 100);
	hang_up(fd);
	return end();
}

static void a_body_may_be_one_block_or_many(void **state)
{
	begin_http(state);
	it.count = 100;
	it.bytes = malloc(2000);
	spawn(ask_for_blocks);
	finish();
}

static void *take_nothing(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, GET);
	sleep_for(PATIENCE / 2);
	must_be(SERVER_OPEN, 1);
	sleep_for(2 * PATIENCE);
	must_be(SERVER_OPEN, 0);
	hang_up(fd);
	return end();
}

static void who_takes_nothing_of_its_answer_loses_its_place(void **state)
{
	begin_http(state);
	it.count = LONG;
	spawn(take_nothing);
	finish();
}

static void *ask_for_the_type(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "GET /type " HOST "\r\n");
	hear_head(fd);
	assert_non_null(strstr(it.heard, "\r\nContent-Type: xxx"));
	assert_non_null(strstr(it.heard, "xxx\r\nContent-Length: 3\r\n\r\n"));
	must_hear(fd, "abc");
	hang_up(fd);
	return end();
}

static void a_type_that_is_too_long_is_cut(void **state)
{
	begin_http(state);
	it.bytes = calloc(1, 1001);
	memset(it.bytes, 'x', 1000);
	spawn(ask_for_the_type);
	finish();
}

static void *ask_for_nonsense(struct dispatcher *D, void *ud)
{
	static const char told[] = HEAD("500 Internal Server Error", "20", "");
	int fd = call();

	(void)D;
	(void)ud;
	say(fd, "GET /no-block " HOST "\r\n");
	must_answer(fd, told, "no answer was found\n");
	say(fd, "HEAD /below-zero " HOST "\r\n");
	must_answer(fd, told, "");
	say(fd, GET);
	must_say_abc(fd);
	hang_up(fd);
	return end();
}

static void an_answer_that_cannot_be_sent_is_a_500(void **state)
{
	begin_http(state);
	spawn(ask_for_nonsense);
	finish();
}

/* ---- All tests, on both pollers -------------------------------------------- */

/* What `how` puts behind a function's name, `words` put behind the test's. */
#define RELAY_TESTS(EACH_TIME, ONE_TIME, how, words)                       \
	EACH_TIME(a_relay_goes_both_ways_and_ends_each_for_itself##how,    \
		  "a relay goes both ways and ends each for itself" words) \
	ONE_TIME(the_other_side_may_end_first##how,                        \
		 "the other side may end first" words)                     \
	ONE_TIME(bytes_that_cannot_be_passed_on_are_a_failure##how,        \
		 "bytes that cannot be passed on are a failure" words)     \
	ONE_TIME(an_end_that_cannot_be_passed_on_is_a_failure##how,        \
		 "an end that cannot be passed on is a failure" words)     \
	ONE_TIME(whatever_fails_on_the_way_is_a_cut##how,                  \
		 "whatever fails on the way is a cut" words)               \
	ONE_TIME(who_takes_nothing_stops_who_writes##how,                  \
		 "who takes nothing stops who writes" words)               \
	ONE_TIME(what_it_holds_is_freed_when_the_run_fails##how,           \
		 "what it holds is freed when the run fails" words)        \
	ONE_TIME(a_message_makes_a_coroutine_run_or_none##how,             \
		 "a message makes a coroutine run, or none" words)         \
	ONE_TIME(a_reset_of_one_side_is_one_of_the_other##how,             \
		 "a reset of one side is one of the other" words)          \
	ONE_TIME(a_failure_goes_before_an_end##how,                        \
		 "a failure goes before an end" words)                     \
	ONE_TIME(a_relay_on_which_nothing_moves_resets_both##how,          \
		 "a relay on which nothing moves resets both" words)       \
	ONE_TIME(patience_counts_what_moves_either_way##how,               \
		 "patience counts what moves either way" words)            \
	ONE_TIME(a_relay_in_want_is_a_reset##how,                          \
		 "a relay in want is a reset" words)                       \
	EACH_TIME(long_streams_through_a_relay_in_chaos##how,              \
		  "long streams through a relay in chaos" words)

#define ON_BOTH_RELAYS(run, name)                     \
	static void run##_by_coroutines(void **state) \
	{                                             \
		relay_at_hand = relay;                \
		run(state);                           \
	}                                             \
	static void run##_by_loop(void **state)       \
	{                                             \
		relay_at_hand = relay_by_loop;        \
		run(state);                           \
	}

RELAY_TESTS(ON_BOTH_RELAYS, ON_BOTH_RELAYS, , )

#define TESTS(EACH_TIME, ONE_TIME)                                             \
	ONE_TIME(options_out_of_range, "options out of range")                 \
	ONE_TIME(calls_out_of_place, "calls out of place")                     \
	ONE_TIME(words_of_the_table, "words of the table")                     \
	ONE_TIME(a_listener, "a listener")                                     \
	ONE_TIME(whatever_fails_nothing_leaks, "whatever fails nothing leaks") \
	EACH_TIME(many_are_served_at_once, "many are served at once")          \
	EACH_TIME(when_full_the_next_ones_wait_in_order,                       \
		  "when full the next ones wait in order")                     \
	ONE_TIME(when_full_the_door_takes_no_memory,                           \
		 "when full the door takes no memory")                         \
	EACH_TIME(a_place_can_be_taken_again_at_once,                          \
		  "a place can be taken again at once")                        \
	ONE_TIME(without_a_descriptor_a_second_passes_and_none_is_lost,        \
		 "without a descriptor a second passes and none is lost")      \
	ONE_TIME(without_a_descriptor_it_goes_on_when_one_has_ended,           \
		 "without a descriptor it goes on when one has ended")         \
	ONE_TIME(who_went_away_before_is_passed_over,                          \
		 "who went away before is passed over")                        \
	ONE_TIME(more_others_than_were_said, "more others than were said")     \
	ONE_TIME(one_other_too_many, "one other too many")                     \
	EACH_TIME(who_says_nothing_ends_after_the_patience,                    \
		  "who says nothing ends after the patience")                  \
	ONE_TIME(the_patience_that_nobody_set, "the patience that nobody set") \
	ONE_TIME(who_says_a_word_in_time_goes_on,                              \
		 "who says a word in time goes on")                            \
	ONE_TIME(patience_costs_nothing_as_long_as_bytes_move,                 \
		 "patience costs nothing as long as bytes move")               \
	ONE_TIME(strict_patience_counts_from_when_it_was_set,                  \
		 "strict patience counts from when it was set")                \
	ONE_TIME(an_error_of_the_system_is_told_as_it_is,                      \
		 "an error of the system is told as it is")                    \
	ONE_TIME(patience_may_be_for_ever, "patience may be for ever")         \
	ONE_TIME(who_has_said_nothing_is_not_asked,                            \
		 "who has said nothing is not asked")                          \
	ONE_TIME(stopped_before_it_runs, "stopped before it runs")             \
	ONE_TIME(never_run, "never run")                                       \
	ONE_TIME(stopped_by_who_serves, "stopped by who serves")               \
	ONE_TIME(stopped_by_a_signal_handler, "stopped by a signal handler")   \
	ONE_TIME(stopped_by_another_thread, "stopped by another thread")       \
	EACH_TIME(when_it_stops_the_idle_go_and_the_busy_finish,               \
		  "when it stops the idle go and the busy finish")             \
	EACH_TIME(grace_is_over_and_who_is_left_is_cut,                        \
		  "grace is over and who is left is cut")                      \
	ONE_TIME(the_grace_that_nobody_set, "the grace that nobody set")       \
	ONE_TIME(a_second_stop_cuts_at_once, "a second stop cuts at once")     \
	ONE_TIME(stopped_very_often, "stopped very often")                     \
	EACH_TIME(stop_while_full, "stop while full")                          \
	ONE_TIME(stop_while_short, "stop while short")                         \
	ONE_TIME(who_comes_in_the_moment_of_the_stop_is_not_let_in,            \
		 "who comes in the moment of the stop is not let in")          \
	ONE_TIME(whoever_has_moved_a_byte_is_not_idle,                         \
		 "whoever has moved a byte is not idle")                       \
	ONE_TIME(every_edge_is_taken_and_no_other,                             \
		 "every edge is taken and no other")                           \
	ONE_TIME(a_trace_can_end, "a trace can end")                           \
	ONE_TIME(a_connection_has_as_many_coroutines_as_was_said,              \
		 "a connection has as many coroutines as was said")            \
	EACH_TIME(a_connection_ends_with_its_last_coroutine,                   \
		  "a connection ends with its last coroutine")                 \
	ONE_TIME(a_cut_is_a_reset_on_both_sides,                               \
		 "a cut is a reset on both sides")                             \
	ONE_TIME(a_failure_looks_like_the_end_to_nobody,                       \
		 "a failure looks like the end to nobody")                     \
	ONE_TIME(one_is_let_in_at_a_time, "one is let in at a time")           \
	ONE_TIME(a_turn_costs_one_switch_in_many_moves,                        \
		 "a turn costs one switch in many moves")                      \
	ONE_TIME(no_descriptor_is_handed_on, "no descriptor is handed on")     \
	ONE_TIME(a_body_may_be_one_block_or_many,                              \
		 "a body may be one block or many")                            \
	ONE_TIME(who_takes_nothing_of_its_answer_loses_its_place,              \
		 "who takes nothing of its answer loses its place")            \
	ONE_TIME(who_asks_nothing_more_goes_when_the_server_stops,             \
		 "who asks nothing more goes when the server stops")           \
	EACH_TIME(a_server_as_it_is_when_nothing_is_asked,                     \
		  "a server as it is when nothing is asked")                   \
	ONE_TIME(a_try_to_write_does_not_wait, "a try to write does not wait") \
	ONE_TIME(the_end_closes_both_sides, "the end closes both sides")       \
	ONE_TIME(an_end_is_told_once_and_to_who_asked,                         \
		 "an end is told once and to who asked")                       \
	ONE_TIME(connects_on, "connects on")                                   \
	ONE_TIME(a_refused_connect_leaks_nothing,                              \
		 "a refused connect leaks nothing")                            \
	ONE_TIME(a_poller_that_fails_ends_the_run,                             \
		 "a poller that fails ends the run")                           \
	ONE_TIME(without_memory_it_ends_and_never_hangs,                       \
		 "without memory it ends and never hangs")                     \
	EACH_TIME(who_always_has_bytes_lets_others_have_a_turn,                \
		  "who always has bytes lets others have a turn")              \
	RELAY_TESTS(EACH_TIME, ONE_TIME, _by_coroutines, "")                   \
	RELAY_TESTS(EACH_TIME, ONE_TIME, _by_loop, "; by the loop")            \
	EACH_TIME(one_request_after_the_other_is_answered,                     \
		  "one request after the other is answered")                   \
	EACH_TIME(many_requests_at_once_are_answered_in_order,                 \
		  "many requests at once are answered in order")               \
	EACH_TIME(bodies_are_dropped, "bodies are dropped")                    \
	ONE_TIME(who_waits_for_a_word_keeps_its_body,                          \
		 "who waits for a word keeps its body")                        \
	ONE_TIME(a_request_that_does_not_come_in_time_is_a_408,                \
		 "a request that does not come in time is a 408")              \
	ONE_TIME(who_asks_nothing_is_told_nothing,                             \
		 "who asks nothing is told nothing")                           \
	ONE_TIME(the_last_answer_is_not_overtaken_by_a_reset,                  \
		 "the last answer is not overtaken by a reset")                \
	ONE_TIME(who_does_not_hang_up_holds_a_place_for_two_seconds,           \
		 "who does not hang up holds a place for two seconds")         \
	ONE_TIME(who_does_not_stop_sending_is_not_heard_for_ever,              \
		 "who does not stop sending is not heard for ever")            \
	ONE_TIME(an_answer_may_take_longer_than_the_patience,                  \
		 "an answer may take longer than the patience")                \
	ONE_TIME(a_request_is_finished_when_the_server_stops,                  \
		 "a request is finished when the server stops")                \
	EACH_TIME(a_slow_reader_gets_all_of_a_large_answer,                    \
		  "a slow reader gets all of a large answer")                  \
	ONE_TIME(a_type_that_is_too_long_is_cut,                               \
		 "a type that is too long is cut")                             \
	ONE_TIME(an_answer_that_cannot_be_sent_is_a_500,                       \
		 "an answer that cannot be sent is a 500")

ON_BOTH_POLLERS("server", TESTS)
