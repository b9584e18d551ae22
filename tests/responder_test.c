/* The promises of lesson 12's responder. Every test runs on epoll and on poll(),
 * and time is a number: see serving.h. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serving.h"

#include "../lessons/12-servers/responder.h"

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
		assert_int_equal(socket_write_some(it.N, fd, words, 1), 1);
		dispatcher_yield(server_loop(it.s)->D);
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
			socket_write(it.N, fd, it.bytes, (size_t)piece), piece);
		dispatcher_yield(server_loop(it.s)->D);
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
		assert_int_equal(socket_write_some(it.N, fd, &GET[i], 1), 1);
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
		count = socket_write_some(it.N, fd, it.bytes, 1000);
	assert_int_equal(errno, EPIPE);
	assert_in_range(all, 1 << 23, (1 << 23) + 700000);
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

/* A byte a second: progress gives it more time, but not for ever. */
static void *end_slowly(struct dispatcher *D, void *ud)
{
	int fd = call();
	long long begun = timer_now(it.T);

	(void)D;
	(void)ud;
	say(fd, "nonsense\r\n\r\n");
	while (socket_write_some(it.N, fd, "x", 1) == 1)
		sleep_for(1000 * TIMER_MS);
	assert_int_equal(errno, EPIPE);
	assert_in_range((timer_now(it.T) - begun) / TIMER_SECOND, 20, 22);
	hang_up(fd);
	return end();
}

static void who_goes_on_slowly_is_heard_for_a_while(void **state)
{
	begin_http(state);
	spawn(end_slowly);
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

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(a_body_may_be_one_block_or_many),
		ONCE_TEST(who_takes_nothing_of_its_answer_loses_its_place),
		ONCE_TEST(who_asks_nothing_more_goes_when_the_server_stops),
		EACH_TEST(one_request_after_the_other_is_answered),
		EACH_TEST(many_requests_at_once_are_answered_in_order),
		EACH_TEST(bodies_are_dropped),
		ONCE_TEST(who_waits_for_a_word_keeps_its_body),
		ONCE_TEST(a_request_that_does_not_come_in_time_is_a_408),
		ONCE_TEST(who_asks_nothing_is_told_nothing),
		ONCE_TEST(the_last_answer_is_not_overtaken_by_a_reset),
		ONCE_TEST(who_does_not_hang_up_holds_a_place_for_two_seconds),
		ONCE_TEST(who_does_not_stop_sending_is_not_heard_for_ever),
		ONCE_TEST(who_goes_on_slowly_is_heard_for_a_while),
		ONCE_TEST(an_answer_may_take_longer_than_the_patience),
		ONCE_TEST(a_request_is_finished_when_the_server_stops),
		EACH_TEST(a_slow_reader_gets_all_of_a_large_answer),
		ONCE_TEST(a_type_that_is_too_long_is_cut),
		ONCE_TEST(an_answer_that_cannot_be_sent_is_a_500),
	};

	return run_on_both_pollers("responder", "", entries,
				   sizeof(entries) / sizeof(entries[0]));
}
