/* The promises of lesson 12's relays, by two coroutines and by the loop. Every
 * test runs with both, on epoll and on poll(), and time is a number: see
 * serving.h. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serving.h"

#include "../lessons/12-servers/by_loop.h"

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
		count = socket_write_some(it.N, fd, it.bytes + all, 4096);
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
	/* A socket takes a little more or less, as it is written to. */
	assert_true(count <= 2 * takes + 4 * RELAY_PIECE);
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
	assert_int_equal(socket_write(it.N, fd, it.bytes, LONG), LONG);
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

/* ---- All tests, on both pollers -------------------------------------------- */

int main(void)
{
	static const struct entry entries[] = {
		EACH_TEST(a_relay_goes_both_ways_and_ends_each_for_itself),
		ONCE_TEST(the_other_side_may_end_first),
		ONCE_TEST(bytes_that_cannot_be_passed_on_are_a_failure),
		ONCE_TEST(an_end_that_cannot_be_passed_on_is_a_failure),
		ONCE_TEST(whatever_fails_on_the_way_is_a_cut),
		ONCE_TEST(who_takes_nothing_stops_who_writes),
		ONCE_TEST(what_it_holds_is_freed_when_the_run_fails),
		ONCE_TEST(a_message_makes_a_coroutine_run_or_none),
		ONCE_TEST(a_reset_of_one_side_is_one_of_the_other),
		ONCE_TEST(a_failure_goes_before_an_end),
		ONCE_TEST(a_relay_on_which_nothing_moves_resets_both),
		ONCE_TEST(patience_counts_what_moves_either_way),
		ONCE_TEST(a_relay_in_want_is_a_reset),
		EACH_TEST(long_streams_through_a_relay_in_chaos),
	};
	const size_t count = sizeof(entries) / sizeof(entries[0]);
	int failed;

	relay_at_hand = relay;
	failed = run_on_both_pollers("relay", "", entries, count);
	relay_at_hand = relay_by_loop;
	return run_on_both_pollers("relay", "; by the loop", entries, count) ||
	       failed;
}
