/* The promises of lesson 12's server. Every test runs on epoll and on poll(), and
 * time is a number: see serving.h. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serving.h"

#include "../lessons/12-servers/by_loop.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>

static long deadlines; /* calls of timer_deadline() */

long long __real_timer_deadline(struct timer *T, long long when);
long long __wrap_timer_deadline(struct timer *T, long long when);

long long __wrap_timer_deadline(struct timer *T, long long when)
{
	deadlines++;
	return __real_timer_deadline(T, when);
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
	REFUSED(EADDRINUSE, socket_listen("127.0.0.1", port));
	REFUSED(EINVAL, socket_listen(NULL, -1));
	REFUSED(EINVAL, socket_listen(NULL, 65536));
	REFUSED(EINVAL, socket_listen("localhost", 0));
	hurt(SOCKET, EMFILE, 1);
	REFUSED(EMFILE, socket_listen(NULL, 0));
	hurt(BIND, EACCES, 1);
	REFUSED(EACCES, socket_listen(NULL, 80));
	hurt(LISTEN, EADDRINUSE, 1);
	REFUSED(EADDRINUSE, socket_listen("0.0.0.0", 0));
	__real_close(fd);
	assert_int_equal(open_descriptors(), it.open);
	fd = socket_listen("::1", 0); /* unless this machine has none of it */
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
	must_be(SERVER_SHORT, 0);
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
	before = deadlines;
	for (int i = 0; i < MANY; i++) {
		say(fd, "x");
		must_hear(fd, "x");
	}
	it.count = deadlines - before;
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
	REFUSED(ETIMEDOUT, (int)connection_write(c, c->fd, "x", 1));
	hurt(READ, ECONNRESET, 1);
	REFUSED(ECONNRESET, (int)connection_read(c, c->fd, bytes, 1));
	hurt(WRITE, EIO, 1);
	REFUSED(EIO, (int)connection_write(c, c->fd, "x", 1));
	REFUSED(EBADF, (int)connection_read(c, HIGHEST - 1, bytes, 1));
	REFUSED(EBADF, (int)connection_write(c, HIGHEST - 1, "x", 1));
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
		assert_int_equal(connection_write(c, c->fd, "what?", 5), 5);
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
	assert_int_equal(connection_write(c, c->fd, "last", 4), 4);
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

static void refused_after_a_cut(struct connection *c)
{
	char byte;

	REFUSED(ECANCELED, (int)connection_read(c, c->fd, &byte, 1));
	REFUSED(ECANCELED, (int)connection_write(c, c->fd, "x", 1));
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
	assert_int_equal(connection_write(c, c->fd, "half of", 7), 7);
	assert_int_equal(connection_write(c, c->peer, "half of", 7), 7);
	REFUSED(ECANCELED,
		connection_until(c, c->peer, POLLER_WRITE, cut_it, c));
	refused_after_a_cut(c);
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
		all += count > 0 ? count : 0;
		assert_string_equal(it.log, "");
	} while (count > 0);
	assert_int_equal(count, -1);
	assert_int_equal(errno, EAGAIN);
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
	assert_int_equal(timer_now(server_loop(c->server)->T), sleeper.now);
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
	assert_int_equal(connection_write(c, c->peer, "hello", 5), 5);
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
	it.T = server_loop(it.s)->T;
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
	assert_int_equal(connection_write(c, c->fd, it.bytes, MANY), MANY);
	note("written, ");
}

static void *keep_it_busy(struct dispatcher *D, void *ud)
{
	int fd = call();

	(void)D;
	(void)ud;
	memset(it.bytes, 'b', MANY * 10 + 1);
	assert_int_equal(socket_write(it.N, fd, it.bytes, MANY * 10 + 1),
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
	assert_int_equal(socket_write(it.N, fd, it.heard, 1600), 1600);
	hang_up(fd);
	return end();
}

/* The door has a turn for each that it lets in, too. */
static void a_turn_costs_one_switch_in_many_moves(void **state)
{
	begin(state, read_bytewise);
	open_server();
	dispatcher_trace(server_loop(it.s)->D, count_yields, NULL);
	spawn(say_much);
	finish();
	assert_in_range(it.yields, 90, 110);
	begin(state, serve_echo);
	open_server();
	dispatcher_trace(server_loop(it.s)->D, count_yields, NULL);
	spawn_all(2, talk_for_long);
	finish();
	assert_int_equal(it.yields, 2 + 2); /* and make_room() */
}

/* ---- All tests, on both pollers -------------------------------------------- */

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(options_out_of_range),
		ONCE_TEST(calls_out_of_place),
		ONCE_TEST(words_of_the_table),
		ONCE_TEST(a_listener),
		ONCE_TEST(whatever_fails_nothing_leaks),
		EACH_TEST(many_are_served_at_once),
		EACH_TEST(when_full_the_next_ones_wait_in_order),
		ONCE_TEST(when_full_the_door_takes_no_memory),
		EACH_TEST(a_place_can_be_taken_again_at_once),
		ONCE_TEST(
			without_a_descriptor_a_second_passes_and_none_is_lost),
		ONCE_TEST(without_a_descriptor_it_goes_on_when_one_has_ended),
		ONCE_TEST(who_went_away_before_is_passed_over),
		ONCE_TEST(more_others_than_were_said),
		ONCE_TEST(one_other_too_many),
		EACH_TEST(who_says_nothing_ends_after_the_patience),
		ONCE_TEST(the_patience_that_nobody_set),
		ONCE_TEST(who_says_a_word_in_time_goes_on),
		ONCE_TEST(patience_costs_nothing_as_long_as_bytes_move),
		ONCE_TEST(strict_patience_counts_from_when_it_was_set),
		ONCE_TEST(an_error_of_the_system_is_told_as_it_is),
		ONCE_TEST(patience_may_be_for_ever),
		ONCE_TEST(who_has_said_nothing_is_not_asked),
		ONCE_TEST(stopped_before_it_runs),
		ONCE_TEST(never_run),
		ONCE_TEST(stopped_by_who_serves),
		ONCE_TEST(stopped_by_a_signal_handler),
		ONCE_TEST(stopped_by_another_thread),
		EACH_TEST(when_it_stops_the_idle_go_and_the_busy_finish),
		EACH_TEST(grace_is_over_and_who_is_left_is_cut),
		ONCE_TEST(the_grace_that_nobody_set),
		ONCE_TEST(a_second_stop_cuts_at_once),
		ONCE_TEST(stopped_very_often),
		EACH_TEST(stop_while_full),
		ONCE_TEST(stop_while_short),
		ONCE_TEST(who_comes_in_the_moment_of_the_stop_is_not_let_in),
		ONCE_TEST(whoever_has_moved_a_byte_is_not_idle),
		ONCE_TEST(every_edge_is_taken_and_no_other),
		ONCE_TEST(a_trace_can_end),
		ONCE_TEST(a_connection_has_as_many_coroutines_as_was_said),
		EACH_TEST(a_connection_ends_with_its_last_coroutine),
		ONCE_TEST(a_cut_is_a_reset_on_both_sides),
		ONCE_TEST(a_failure_looks_like_the_end_to_nobody),
		ONCE_TEST(one_is_let_in_at_a_time),
		ONCE_TEST(a_turn_costs_one_switch_in_many_moves),
		ONCE_TEST(no_descriptor_is_handed_on),
		EACH_TEST(a_server_as_it_is_when_nothing_is_asked),
		ONCE_TEST(a_try_to_write_does_not_wait),
		ONCE_TEST(the_end_closes_both_sides),
		ONCE_TEST(an_end_is_told_once_and_to_who_asked),
		ONCE_TEST(connects_on),
		ONCE_TEST(a_refused_connect_leaks_nothing),
		ONCE_TEST(a_poller_that_fails_ends_the_run),
		ONCE_TEST(without_memory_it_ends_and_never_hangs),
		EACH_TEST(who_always_has_bytes_lets_others_have_a_turn),
	};

	return run_on_both_pollers("server", "", entries,
				   sizeof(entries) / sizeof(entries[0]));
}
