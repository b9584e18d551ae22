/* The promises of loop.h and lines.h: one call opens all, one closes it; stopping,
 * also by a signal; lines, however their bytes come in. Every test runs on epoll
 * and on poll(), and time is a number: see calls.h, and starve.h. Linked with
 * mmap and mprotect wrapped, too. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"
#include "calls.h"

#include "../lessons/07-cond/cond.h"
#include "../lessons/11-epoll-dispatcher/loop.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 16 };

/* What the coroutines of a test share: never on one of their stacks. */
static struct {
	struct loop *L, *other;
	struct cond cond;
	char log[4096];
	int numbers[MANY];
	int ids[MANY];
	int fd[2];
	int done;
	int signal;
	int open; /* descriptors before the test */
} it;

/* ---- Stacks that the system does not give --------------------------------- */

void *__real_mmap(void *address, size_t size, int may, int flags, int fd,
		  off_t offset);
int __real_mprotect(void *address, size_t size, int may);
void *__wrap_mmap(void *address, size_t size, int may, int flags, int fd,
		  off_t offset);
int __wrap_mprotect(void *address, size_t size, int may);

static int no_ground, no_stacks;

void *__wrap_mmap(void *address, size_t size, int may, int flags, int fd,
		  off_t offset)
{
	if (no_ground == 0)
		return __real_mmap(address, size, may, flags, fd, offset);
	errno = ENOMEM;
	return MAP_FAILED;
}

int __wrap_mprotect(void *address, size_t size, int may)
{
	if (no_stacks == 0)
		return __real_mprotect(address, size, may);
	errno = ENOMEM;
	return -1;
}

/* ---- Scaffolding ---------------------------------------------------------- */

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
	it.log[0] = '\0';
}

/* Also what a failed test has left. */
static void begin_plainly(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	memset(&it, 0, sizeof(it));
	calls_begin();
	starve(0, 0);
	memory.blocks = 0;
	it.open = open_descriptors();
	for (int i = 0; i < MANY; i++)
		it.numbers[i] = i;
}

static struct loop_options options_under(void **state, int coroutines)
{
	const struct setting *setting = (const struct setting *)*state;
	int most = setting->stacks;

	return (struct loop_options){ .coroutines = coroutines,
				      .stacks = most < coroutines ? most : 0,
				      .stack_size = STACK,
				      .poller = backend,
				      .clock = &fake };
}

static void begin(void **state, int coroutines)
{
	struct loop_options options = options_under(state, coroutines);

	begin_plainly();
	it.L = loop_open(&options);
	assert_non_null(it.L);
	cond_init(&it.cond, dispatcher_parking(it.L->D), "news");
}

static void nothing_is_left(void)
{
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(open_descriptors(), it.open);
}

static void finish(void)
{
	assert_int_equal(loop_close(it.L), 0);
	nothing_is_left();
}

static void start(int number, loop_func func)
{
	it.ids[number] = loop_start(it.L, "x", func, &it.numbers[number]);
	assert_true(it.ids[number] >= 0);
}

static void run_all(int count)
{
	assert_int_equal(loop_run(it.L), 0);
	assert_int_equal(it.done, count);
}

/* fd[0] is adopted; the test itself has fd[1]. */
static void half_pair(void)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, it.fd), 0);
	assert_int_equal(socket_adopt(it.L->N, it.fd[0]), 0);
}

static void say(const char *words)
{
	assert_int_equal(__real_write(it.fd[1], words, strlen(words)),
			 strlen(words));
}

static void end(struct loop *L, void *ud)
{
	(void)L;
	(void)ud;
	it.done++;
}

static const char *word(int result)
{
	if (result != -1)
		return "well";
	return errno == ECANCELED ? "canceled" : strerror(errno);
}

/* ---- Refusals and options -------------------------------------------------- */

static void refusals(void **state)
{
	begin(state, 4);
	assert_int_equal(loop_close(NULL), 0);
	REFUSED(EINVAL, loop_run(NULL));
	REFUSED(EINVAL, loop_start(NULL, "x", end, NULL));
	REFUSED(EINVAL, loop_start(it.L, "x", NULL, NULL));
	REFUSED(EINVAL, loop_spawn(NULL, "x", end, NULL));
	REFUSED(EINVAL, loop_spawn(it.L, "x", NULL, NULL));
	REFUSED(EINVAL, loop_stop(NULL));
	REFUSED(EINVAL, loop_stop_on(NULL, SIGINT));
	REFUSED(EINVAL, loop_listen(NULL, NULL, 0));
	assert_int_equal(loop_run(it.L), 0);
	finish();
}

static void sleep_a_little(struct loop *L, void *ud)
{
	assert_ptr_equal(ud, &it);
	assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	end(L, ud);
}

static void runs_well(struct loop *L)
{
	assert_non_null(L);
	assert_non_null(L->D);
	assert_non_null(L->T);
	assert_non_null(L->N);
	it.done = 0;
	assert_true(loop_start(L, NULL, sleep_a_little, &it) >= 0);
	assert_int_equal(loop_run(L), 0);
	assert_int_equal(it.done, 1);
}

static void the_defaults(void **state)
{
	struct loop_options none = { 0 };
	struct loop *L;

	(void)state;
	begin_plainly();
	for (int i = 0; i < 2; i++) {
		L = loop_open(i ? &none : NULL);
		runs_well(L);
		assert_int_equal(waiter_slots(L->D), DISPATCHER_SLOTS);
		assert_true(timer_now(L->T) > 0);
		assert_int_equal(loop_close(L), 0);
	}
	nothing_is_left();
}

static void each_option(void **state)
{
	struct loop_options options = { .coroutines = 3 };
	char name[8];
	struct loop *L;

	(void)state;
	begin_plainly();
	strcpy(name, backend);
	options.poller = name;
	options.clock = &fake;
	options.stacks = 1;
	options.stack_size = COROUTINE_STACK_SIZE_MIN * 4;
	L = loop_open(&options);
	memset(&options, 0xff, sizeof(options)); /* was read in the call only */
	memset(name, 'x', sizeof(name));
	runs_well(L);
	assert_int_equal(waiter_slots(L->D), 3);
	assert_true(timer_now(L->T) == TIMER_MS);
	assert_true((network_descriptor(L->N) == -1) ==
		    (strcmp(backend, "poll") == 0));
	assert_int_equal(loop_close(L), 0);
	nothing_is_left();
}

static void options_out_of_range(void **state)
{
	static const struct timer_clock stopped = { NULL, NULL, NULL };
	static const struct loop_options wrong[] = {
		{ .coroutines = -1 },
		{ .coroutines = INT_MIN },
		{ .coroutines = COROUTINE_SLOTS_MAX + 1, .stacks = 1 },
		{ .coroutines = 4, .stacks = -1 },
		{ .coroutines = 4, .stacks = 5 },
		{ .coroutines = 4, .stack_size = 1 },
		{ .coroutines = 4, .stack_size = SIZE_MAX },
		{ .coroutines = 4, .poller = "carrier pigeon" },
		{ .coroutines = 4, .poller = "" },
		{ .coroutines = 4, .clock = &stopped },
	};

	(void)state;
	begin_plainly();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		REFUSED_NULL(EINVAL, loop_open(&wrong[i]));
		nothing_is_left();
	}
}

static int open_or_be_told(void **state)
{
	struct loop_options options = options_under(state, 4);
	struct loop *L;

	errno = 0;
	L = loop_open(&options);
	if (L == NULL)
		assert_int_equal(errno, ENOMEM);
	assert_int_equal(loop_close(L), 0);
	assert_int_equal(open_descriptors(), it.open);
	return L != NULL;
}

static void nothing(struct loop *L, void *ud)
{
	(void)L, (void)ud;
}

static void open_fails(void **state)
{
	struct loop_options options = options_under(state, 4);
	struct loop *L;

	begin_plainly();
	each_allocation_fails(open_or_be_told, state);
	no_ground = 1;
	REFUSED_NULL(ENOMEM, loop_open(&options));
	no_ground = 0;
	L = loop_open(&options);
	assert_non_null(L);
#ifndef COROUTINE_STRICT /* it opens a stack at each switch: strict_test.c */
	no_stacks = 1;
	REFUSED(ENOMEM, loop_start(L, "x", nothing, NULL));
	REFUSED(ENOMEM, loop_spawn(L, "x", nothing, NULL));
	no_stacks = 0;
#endif
	assert_true(loop_start(L, "x", nothing, NULL) >= 0);
	assert_int_equal(loop_run(L), 0);
	assert_int_equal(loop_close(L), 0);
	if (strcmp(backend, "epoll") == 0) {
		hurt(EPOLL_CREATE1, EMFILE, 1);
		REFUSED_NULL(EMFILE, loop_open(&options));
		hurt(EPOLL_CREATE1, ENFILE, 1);
		REFUSED_NULL(ENFILE, loop_open(&options));
	}
	nothing_is_left();
}

/* ---- Coroutines ------------------------------------------------------------- */

static void tell(struct loop *L, void *ud)
{
	assert_ptr_equal(L, it.L);
	note("%d ", *(int *)ud);
	end(L, ud);
}

static void start_two(struct loop *L, void *ud)
{
	note("starts ");
	start(1, tell);
	start(2, tell);
	assert_int_equal(dispatcher_yield(L->D), 0);
	note("back ");
	end(L, ud);
}

static void started_from_inside_and_outside(void **state)
{
	begin(state, 4);
	start(0, start_two);
	start(3, tell);
	noted("");
	run_all(4);
	noted("starts 3 1 2 back ");
	start(0, tell); /* once more */
	run_all(5);
	noted("0 ");
	for (int i = 0; i < 4; i++)
		assert_int_equal(dispatcher_status(it.L->D, it.ids[i]),
				 DISPATCHER_GONE);
	finish();
}

static void named(void **state)
{
	char name[DISPATCHER_NAME + 8];
	int id;

	begin(state, 4);
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	id = loop_start(it.L, name, end, NULL);
	memset(name, 'z', sizeof(name) - 1);
	assert_int_equal(strlen(dispatcher_name(it.L->D, id)),
			 DISPATCHER_NAME - 1);
	assert_int_equal(dispatcher_name(it.L->D, id)[0], 'n');
	id = loop_spawn(it.L, NULL, end, NULL);
	assert_string_equal(dispatcher_name(it.L->D, id), "");
	run_all(2);
	finish();
}

static void start_too_many(struct loop *L, void *ud)
{
	REFUSED(EAGAIN, loop_start(L, "x", end, NULL));
	REFUSED(EAGAIN, loop_spawn(L, "x", end, NULL));
	end(L, ud);
}

static void every_slot_taken(void **state)
{
	int id;

	begin(state, 3);
	start(0, start_too_many);
	start(1, end);
	start(2, end);
	start_too_many(it.L, NULL);
	run_all(4);
	id = loop_spawn(it.L, "x", end, NULL); /* its slot stays taken */
	start(0, end);
	start(1, end);
	run_all(7);
	start(0, start_too_many);
	start(1, end);
	run_all(9);
	assert_int_equal(dispatcher_join(it.L->D, id, NULL), 0);
	for (int i = 0; i < 3; i++)
		start(i, end);
	run_all(12);
	finish();
}

static void join_two(struct loop *L, void *ud)
{
	int one = loop_spawn(L, "one", tell, &it.numbers[1]),
	    two = loop_spawn(L, "two", tell, &it.numbers[2]);

	assert_int_equal(dispatcher_join(L->D, two, NULL), 0);
	assert_int_equal(dispatcher_status(L->D, one), DISPATCHER_ENDED);
	assert_int_equal(dispatcher_join(L->D, one, NULL), 0);
	REFUSED(ESRCH, dispatcher_join(L->D, one, NULL));
	note("joined ");
	end(L, ud);
}

static void joined(void **state)
{
	void *result = &it;
	int id;

	begin(state, 4);
	start(0, join_two);
	run_all(3);
	noted("1 2 joined ");
	id = loop_spawn(it.L, "x", tell, &it.numbers[3]);
	REFUSED(EPERM, dispatcher_join(it.L->D, id, NULL));
	run_all(4);
	assert_int_equal(dispatcher_join(it.L->D, id, &result), 0);
	assert_null(result);
	REFUSED(ESRCH, dispatcher_join(it.L->D, it.ids[0], NULL));
	finish();
}

/* A coroutine that was made past loop.h gets what it asked for. */
static void *past_the_loop(struct dispatcher *D, void *ud)
{
	assert_ptr_equal(D, it.L->D);
	note("past ");
	return ud;
}

static void both_ways_to_spawn(void **state)
{
	void *result = NULL;
	int id;

	begin(state, 4);
	id = dispatcher_spawn(it.L->D, "x", past_the_loop, &it);
	start(1, tell);
	run_all(1);
	noted("past 1 ");
	assert_int_equal(dispatcher_join(it.L->D, id, &result), 0);
	assert_ptr_equal(result, &it);
	finish();
}

/* A struct on the stack of each, in a list that all share. */
struct member {
	struct member *next;
	int number, heard;
};

static struct member *members;

static void be_a_member(struct loop *L, void *ud)
{
	struct member me = { members, *(int *)ud, 0 };

	members = &me;
	assert_int_equal(cond_wait(&it.cond), 0);
	assert_int_equal(me.heard, 100 + me.number);
	end(L, ud);
}

static void tell_all_members(struct loop *L, void *ud)
{
	int count = 0;

	for (struct member *m = members; m != NULL; m = m->next, count++)
		m->heard = 100 + m->number;
	assert_int_equal(count, MANY - 1);
	cond_broadcast(&it.cond);
	end(L, ud);
}

static void locals_in_a_list(void **state)
{
	struct loop_options options = { .coroutines = MANY,
					.poller = backend,
					.clock = &fake };

	(void)state;
	begin_plainly();
	members = NULL;
	it.L = loop_open(&options);
	cond_init(&it.cond, dispatcher_parking(it.L->D), "news");
	for (int i = 0; i < MANY - 1; i++)
		start(i, be_a_member);
	start(MANY - 1, tell_all_members);
	run_all(MANY);
	finish();
}

/* ---- Run and close ---------------------------------------------------------- */

static void meddle(struct loop *L, void *ud)
{
	REFUSED(EBUSY, loop_close(L));
	REFUSED(EBUSY, loop_run(L));
	assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	end(L, ud);
}

static void refused_from_inside(void **state)
{
	begin(state, 2);
	half_pair();
	start(0, meddle);
	start(1, meddle);
	run_all(2);
	assert_int_equal(socket_adopted(it.L->N, it.fd[0]), 0);
	close(it.fd[1]);
	finish();
}

/* Who brings the clock stands in the source of news. */
static long long meddling_now(void *ud)
{
	if (it.signal++ < 20)
		REFUSED(EBUSY, loop_close(it.L));
	return fake_now(ud);
}

static void refused_while_news_is_asked_for(void **state)
{
	static const struct timer_clock meddling = { meddling_now, NULL,
						     &sleeper };
	struct loop_options options = options_under(state, 2);

	begin_plainly();
	options.clock = &meddling;
	it.L = loop_open(&options);
	half_pair();
	start(0, meddle);
	start(1, meddle);
	run_all(2);
	assert_int_equal(socket_adopted(it.L->N, it.fd[0]), 0);
	close(it.fd[1]);
	it.signal = 20;
	finish();
}

static void wait_for_news(struct loop *L, void *ud)
{
	int result = cond_wait(&it.cond);

	note("cond %s ", word(result));
	end(L, ud);
}

static void sleep_long(struct loop *L, void *ud)
{
	int result = timer_sleep(L->T, 1000 * TIMER_SECOND);

	note("sleep %s ", word(result));
	end(L, ud);
}

static void read_once(struct loop *L, void *ud)
{
	char bytes[8];
	ssize_t count = socket_read(L->N, it.fd[0], bytes, sizeof(bytes));

	note("read %s ", word((int)count));
	end(L, ud);
}

static void wait_for_any(struct loop *L, void *ud)
{
	static struct socket_want wants[2];
	int result;

	wants[0] = wants[1] = (struct socket_want){ it.fd[0], POLLER_READ, 0 };
	result = socket_wait_any(L->N, wants, 2);
	note("any %s ", word(result));
	end(L, ud);
}

static void join_first(struct loop *L, void *ud)
{
	int result = dispatcher_join(L->D, it.ids[8], NULL);

	note("join %s ", word(result));
	end(L, ud);
}

static const char all_canceled[] = "cond canceled sleep canceled "
				   "read canceled any canceled "
				   "join canceled cond canceled ";

static void start_all_kinds(void)
{
	it.ids[8] = loop_spawn(it.L, "x", wait_for_news, NULL);
	start(1, sleep_long);
	start(2, read_once);
	start(3, wait_for_any);
	start(4, join_first);
	start(5, wait_for_news);
}

static void close_with_everybody_alive(void **state)
{
	begin(state, 8);
	half_pair();
	start_all_kinds();
	assert_int_equal(dispatcher_round(it.L->D, 0), 6);
	start(6, end);
	close(it.fd[1]);
	finish();
	assert_int_equal(it.done, 0);
}

/* ---- Stop ------------------------------------------------------------------- */

static void stop(struct loop *L, void *ud)
{
	assert_int_equal(loop_stop(L), 0);
	end(L, ud);
}

static void stopped_from_inside(void **state)
{
	begin(state, 8);
	half_pair();
	start_all_kinds();
	start(6, stop);
	run_all(7);
	noted(all_canceled);
	close(it.fd[1]);
	finish();
}

static void stopped_from_outside(void **state)
{
	begin(state, 8);
	half_pair();
	start_all_kinds();
	assert_int_equal(dispatcher_round(it.L->D, 0), 6);
	assert_int_equal(loop_stop(it.L), 0);
	run_all(6);
	noted(all_canceled);
	close(it.fd[1]);
	finish();
}

/* Those who have not begun yet, and those of the future, too. */
static void stopped_before_it_runs(void **state)
{
	begin(state, 8);
	half_pair();
	say("x");
	start(0, wait_for_news);
	assert_int_equal(loop_stop(it.L), 0);
	start(1, read_once); /* needs no waiting */
	start(2, read_once);
	run_all(3);
	noted("cond canceled read well read canceled ");
	start(3, sleep_long);
	run_all(4);
	noted("sleep canceled ");
	close(it.fd[1]);
	finish();
}

static void clean_up(struct loop *L, void *ud)
{
	REFUSED(ECANCELED, timer_sleep(L->T, TIMER_SECOND));
	assert_int_equal(dispatcher_shield(L->D), 0);
	assert_int_equal(timer_sleep(L->T, TIMER_SECOND), 0);
	assert_int_equal(dispatcher_unshield(L->D), 0);
	REFUSED(ECANCELED, timer_sleep(L->T, TIMER_SECOND));
	end(L, ud);
}

static void a_clean_up_that_waits(void **state)
{
	begin(state, 8);
	start(0, clean_up);
	start(1, stop);
	run_all(2);
	assert_true(sleeper.now == TIMER_SECOND);
	finish();
}

static void turn_for_ever(struct loop *L, void *ud)
{
	for (;;) {
		assert_int_equal(dispatcher_yield(L->D), 0);
		++*(int *)ud;
	}
}

static void stop_twice(struct loop *L, void *ud)
{
	for (int i = 0; i < 3; i++)
		assert_int_equal(dispatcher_yield(L->D), 0);
	assert_int_equal(loop_stop(L), 0);
	assert_int_equal(dispatcher_yield(L->D), 0);
	note("goes on ");
	assert_int_equal(loop_stop(L), 0);
	note("stops ");
	end(L, ud);
}

/* Who does not listen is left, when it is said twice. */
static void stopped_twice(void **state)
{
	int before;

	begin(state, 8);
	start(0, turn_for_ever);
	start(1, wait_for_news);
	start(2, stop_twice);
	start(3, turn_for_ever);
	assert_int_equal(loop_run(it.L), 2);
	noted("cond canceled goes on stops ");
	before = it.numbers[0];
	assert_int_equal(loop_stop(it.L), 0); /* a third time, from outside */
	assert_int_equal(loop_run(it.L), 2);
	assert_int_equal(it.numbers[0], before);
	assert_int_equal(dispatcher_round(it.L->D, 1), 2);
	assert_int_equal(it.numbers[0], before + 1);
	start(4, stop);
	assert_int_equal(loop_run(it.L), 2);
	finish();
}

static void stopped_twice_before_it_runs(void **state)
{
	begin(state, 8);
	start(0, wait_for_news);
	assert_int_equal(loop_stop(it.L), 0);
	assert_int_equal(loop_stop(it.L), 0);
	assert_int_equal(loop_run(it.L), 1);
	noted("");
	run_all(1);
	noted("cond canceled ");
	finish();
}

static void two_loops(void **state)
{
	struct loop_options options = options_under(state, 2);

	begin(state, 2);
	it.other = loop_open(&options);
	assert_non_null(it.other);
	start(0, sleep_long);
	assert_int_equal(loop_stop(it.other), 0);
	assert_true(loop_start(it.other, "x", sleep_long, NULL) >= 0);
	assert_int_equal(loop_run(it.other), 0);
	noted("sleep canceled ");
	run_all(2);
	noted("sleep well ");
	assert_int_equal(loop_close(it.other), 0);
	finish();
}

static void run_the_other(struct loop *L, void *ud)
{
	assert_int_equal(loop_run(it.other), 0);
	note("inner has ended ");
	assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	end(L, ud);
}

/* There it cannot wait as a coroutine of the outer loop. */
static void wait_in_the_inner_one(struct loop *L, void *ud)
{
	assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	REFUSED(EPERM, timer_sleep(it.L->T, TIMER_MS));
	REFUSED(EPERM, dispatcher_yield(it.L->D));
	REFUSED(EPERM, cond_wait(&it.cond));
	assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	end(L, ud);
}

static void a_loop_in_a_loop(void **state)
{
	struct loop_options options = options_under(state, 2);

	begin(state, 2);
	options.stack_size = 0;
	it.other = loop_open(&options);
	assert_true(loop_start(it.other, "x", wait_in_the_inner_one, NULL) >=
		    0);
	start(0, run_the_other);
	start(1, tell);
	run_all(3);
	noted("inner has ended 1 ");
	assert_int_equal(loop_close(it.other), 0);
	finish();
}

/* ---- Stopped by a signal ------------------------------------------------------ */

static void raise_it(struct loop *L, void *ud)
{
	(void)L;
	assert_int_equal(raise(it.signal), 0);
	end(L, ud);
}

static int heard; /* signals that came to the handler of this program */

static void hear(int number)
{
	heard += number;
}

static void is_the_handler(int number, void (*handler)(int))
{
	struct sigaction now;

	assert_int_equal(sigaction(number, NULL, &now), 0);
	assert_true(now.sa_handler == handler);
}

static void a_signal_stops(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGUSR1 };

	for (int i = 0; i < 3; i++) {
		begin(state, 8);
		it.signal = signals[i];
		signal(it.signal, i == 1 ? SIG_IGN : hear);
		half_pair();
		assert_int_equal(loop_stop_on(it.L, it.signal), 0);
		start_all_kinds();
		start(6, raise_it);
		run_all(7);
		noted("cond canceled sleep canceled read canceled "
		      "any canceled join canceled cond canceled ");
		close(it.fd[1]);
		finish();
		is_the_handler(it.signal, i == 1 ? SIG_IGN : hear);
		signal(it.signal, SIG_DFL);
	}
	assert_int_equal(heard, 0);
}

/* A signal before the loop runs counts as well. */
static void a_signal_before_it_runs(void **state)
{
	begin(state, 8);
	half_pair();
	assert_int_equal(loop_stop_on(it.L, SIGTERM), 0);
	assert_int_equal(raise(SIGTERM), 0);
	start(0, read_once);
	start(1, sleep_long);
	run_all(2);
	noted("read canceled sleep canceled ");
	close(it.fd[1]);
	finish();
}

/* It comes while the loop sleeps in the poller, and from another process. */
static void a_signal_from_a_child(void **state)
{
	int status = -1;
	pid_t child;

	begin(state, 8);
	half_pair();
	sleeper.wait = 10000;
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, read_once);
	child = fork();
	assert_true(child != -1);
	if (child == 0) {
		usleep(20000);
		_exit(kill(getppid(), SIGINT) == 0 ? 0 : 1);
	}
	run_all(1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	noted("read canceled ");
	close(it.fd[1]);
	finish();
}

static void raise_twice(struct loop *L, void *ud)
{
	assert_int_equal(raise(SIGINT), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(dispatcher_yield(L->D), 0);
	note("goes on ");
	assert_int_equal(raise(SIGTERM), 0);
	end(L, ud);
}

static void two_signals(void **state)
{
	begin(state, 8);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	assert_int_equal(loop_stop_on(it.L, SIGTERM), 0);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0); /* has it already */
	start(0, turn_for_ever);
	start(1, raise_twice);
	start(2, wait_for_news);
	assert_int_equal(loop_run(it.L), 1);
	noted("cond canceled goes on ");
	finish();
	is_the_handler(SIGINT, SIG_DFL);
	is_the_handler(SIGTERM, SIG_DFL);
}

static void raise_many(struct loop *L, void *ud)
{
	for (int i = 0; i < 70000; i++) /* more than a pipe holds */
		assert_int_equal(raise(SIGINT), 0);
	end(L, ud);
}

static void many_signals(void **state)
{
	begin(state, 8);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, turn_for_ever);
	start(1, raise_many);
	assert_int_equal(loop_run(it.L), 1);
	finish();
}

/* Nobody waits for a descriptor, nobody for a time; all are busy. */
static void busy_until_told(struct loop *L, void *ud)
{
	long turns = 0;

	while (dispatcher_interrupted(L->D, dispatcher_self(L->D)) == 0) {
		assert_int_equal(dispatcher_yield(L->D), 0);
		if (++turns == 100 && *(int *)ud == 0)
			raise(SIGINT);
		assert_true(turns < 1000);
	}
	end(L, ud);
}

static void a_signal_while_all_are_busy(void **state)
{
	begin(state, 8);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, busy_until_told);
	run_all(1);
	finish();
	begin(state, 8);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, busy_until_told);
	start(1, busy_until_told);
	run_all(2);
	finish();
}

/* All wait, and only for each other: that is a deadlock, with a bell or without;
 * a signal that has come in the same round is too late to be heard before that
 * is said, and is heard with the next news. */
static void a_signal_while_all_wait_for_each_other(void **state)
{
	begin(state, 8);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, wait_for_news);
	assert_int_equal(dispatcher_round(it.L->D, 1), 1);
	REFUSED(EDEADLK, dispatcher_round(it.L->D, 1));
	assert_int_equal(raise(SIGINT), 0);
	REFUSED(EDEADLK, dispatcher_round(it.L->D, 1));
	assert_int_equal(dispatcher_round(it.L->D, 0), 0); /* this one looks */
	noted("cond canceled ");
	finish();
}

static void one_signal_one_loop(void **state)
{
	struct loop_options options = options_under(state, 2);

	begin(state, 2);
	it.other = loop_open(&options);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	REFUSED(EBUSY, loop_stop_on(it.other, SIGINT));
	assert_int_equal(loop_stop_on(it.other, SIGTERM), 0);
	REFUSED(EBUSY, loop_stop_on(it.L, SIGTERM));
	assert_true(loop_start(it.other, "x", sleep_long, NULL) >= 0);
	start(0, sleep_long);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(loop_run(it.other), 0);
	noted("sleep canceled ");
	run_all(2);
	noted("sleep well ");
	assert_int_equal(loop_close(it.other), 0);
	assert_int_equal(loop_stop_on(it.L, SIGTERM), 0); /* free again */
	start(0, sleep_long);
	assert_int_equal(raise(SIGTERM), 0);
	run_all(3);
	noted("sleep canceled ");
	finish();
}

static void signals_there_are_not(void **state)
{
	static const int wrong[] = { 0,       -1, 65,      66,      1000,
				     INT_MAX, 32, INT_MIN, SIGKILL, SIGSTOP };

	begin(state, 2);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		REFUSED(EINVAL, loop_stop_on(it.L, wrong[i]));
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	start(0, read_once); /* EBADF; and nothing else has happened */
	run_all(1);
	finish();
}

/* The handler is the child's, too, and the bell is the parent's. */
static void a_child_stops_nobody(void **state)
{
	int status = -1;
	pid_t child;

	begin(state, 2);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	child = fork();
	assert_true(child != -1);
	if (child == 0)
		_exit(raise(SIGINT) == 0 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	start(0, sleep_long);
	run_all(1);
	noted("sleep well ");
	finish();
}

static int a_loop_of_its_own(void **state)
{
	struct loop_options options = options_under(state, 2);
	struct loop *L = loop_open(&options);
	int id;

	if (L == NULL || loop_stop_on(L, SIGINT) == -1)
		return 1;
	raise(SIGINT);
	id = loop_start(L, "x", sleep_long, NULL);
	if (id == -1 || loop_run(L) != 0)
		return 2;
	return strcmp(it.log, "sleep canceled ") != 0;
}

static void a_child_has_a_loop_of_its_own(void **state)
{
	int status = -1;
	pid_t child;

	begin(state, 2);
	assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
	child = fork();
	assert_true(child != -1);
	if (child == 0)
		_exit(a_loop_of_its_own(state));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	start(0, sleep_long);
	run_all(1);
	noted("sleep well ");
	finish();
}

/* The bell is not taken, or in vain; whatever fails, nothing of it is left. */
static void no_bell(void **state)
{
	static const enum call made[] = { PIPE, FCNTL, EPOLL_CTL };

	for (int i = 0; i < 3; i++)
		for (int skip = 0, more = 1; more; skip++) {
			begin(state, 2);
			hurt(made[i], EMFILE, 1);
			calls[made[i]].skip = skip;
			errno = 0;
			if (loop_stop_on(it.L, SIGINT) == -1) {
				assert_int_equal(errno, EMFILE);
				is_the_handler(SIGINT, SIG_DFL);
			}
			more = calls[made[i]].times == 0;
			calls[made[i]].times = 0;
			assert_int_equal(loop_stop_on(it.L, SIGINT), 0);
			assert_int_equal(raise(SIGINT), 0);
			start(0, sleep_long);
			run_all(1);
			noted("sleep canceled ");
			finish();
		}
}

/* ---- Listen ------------------------------------------------------------------ */

static void greet(struct loop *L, void *ud)
{
	int fd = socket_accept(L->N, it.fd[0]);

	assert_true(fd >= 0);
	assert_int_equal(socket_write(L->N, fd, "hello\r\n", 7), 7);
	assert_int_equal(socket_close(L->N, fd), 0);
	end(L, ud);
}

static void be_greeted(struct loop *L, void *ud)
{
	static struct lines in;
	static char buffer[64];
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char *line;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((unsigned short)socket_port(it.fd[0]));
	assert_int_equal(socket_adopt(L->N, fd), 0);
	assert_int_equal(
		socket_connect(L->N, fd, (struct sockaddr *)&to, sizeof(to)),
		0);
	assert_int_equal(lines_init(&in, L->N, fd, buffer, sizeof(buffer)), 0);
	assert_int_equal(lines_read(&in, &line), 7);
	assert_string_equal(line, "hello");
	assert_int_equal(lines_read(&in, &line), 0);
	assert_int_equal(socket_close(L->N, fd), 0);
	end(L, ud);
}

static void listens(void **state)
{
	begin(state, 2);
	sleeper.wait = 100;
	it.fd[0] = loop_listen(it.L, NULL, 0);
	assert_true(it.fd[0] >= 0);
	assert_int_equal(socket_adopted(it.L->N, it.fd[0]), 0);
	assert_true(__real_fcntl(it.fd[0], F_GETFD, 0) & FD_CLOEXEC);
	assert_true(__real_fcntl(it.fd[0], F_GETFL, 0) & O_NONBLOCK);
	start(0, greet);
	start(1, be_greeted);
	run_all(2);
	finish(); /* closes it, too */
}

static void listening_in_vain(void **state)
{
	int fd, port, before;

	begin(state, 2);
	before = open_descriptors();
	REFUSED(EINVAL, loop_listen(it.L, "localhost", 0));
	REFUSED(EINVAL, loop_listen(it.L, "", 0));
	REFUSED(EINVAL, loop_listen(it.L, NULL, -1));
	REFUSED(EINVAL, loop_listen(it.L, NULL, 65536));
	fd = loop_listen(it.L, "127.0.0.1", 0);
	port = socket_port(fd);
	assert_true(port > 0);
	REFUSED(EADDRINUSE, loop_listen(it.L, NULL, port));
	assert_int_equal(socket_close(it.L->N, fd), 0);
	fd = loop_listen(it.L, NULL, port); /* at once */
	assert_int_equal(socket_close(it.L->N, fd), 0);
	assert_int_equal(open_descriptors(), before);
	finish();
}

static void each_call_of_listen_fails(void **state)
{
	static const enum call made[] = { SOCKET, BIND, LISTEN, FCNTL,
					  EPOLL_CTL };
	int fd, before;

	begin(state, 2);
	before = open_descriptors();
	for (int i = 0; i < 5; i++)
		for (int skip = 0, more = 1; more; skip++) {
			hurt(made[i], ENOBUFS, 1);
			calls[made[i]].skip = skip;
			errno = 0;
			fd = loop_listen(it.L, NULL, 0);
			if (fd == -1)
				assert_int_equal(errno, ENOBUFS);
			else
				socket_close(it.L->N, fd);
			more = calls[made[i]].times == 0;
			calls[made[i]].times = 0;
			assert_int_equal(open_descriptors(), before);
		}
	finish();
}

/* All that takes memory or a descriptor: told, and left as it was. */
static int all_calls_or_be_told(void **state)
{
	struct loop_options options = options_under(state, 2);
	struct loop *L = loop_open(&options);
	int result = -1, error = ENOMEM;

	if (L != NULL) {
		errno = 0;
		result = loop_stop_on(L, SIGINT);
		if (result == 0)
			result = loop_listen(L, NULL, 0);
		error = errno;
		if (result == -1)
			assert_int_equal(error, ENOMEM);
	}
	assert_int_equal(loop_close(L), 0);
	is_the_handler(SIGINT, SIG_DFL);
	assert_int_equal(open_descriptors(), it.open);
	return result != -1;
}

static void allocations_fail(void **state)
{
	begin_plainly();
	each_allocation_fails(all_calls_or_be_told, state);
}

/* ---- Lines -------------------------------------------------------------------- */

/* What is sent, how it is cut, and what must come out; never on a stack. */
static struct {
	const char *text;
	size_t length, piece;
	struct lines in;
	char *buffer; /* of `size` bytes; what lies behind them is watched */
	size_t size;
	char heard[4096], wanted[4096];
} post;

static void write_down(char *to, const char *what, size_t length, ssize_t took)
{
	size_t at = strlen(to);

	at += (size_t)sprintf(to + at, "%d,%d:", (int)took, (int)length);
	for (size_t i = 0; i < length; i++)
		to[at + i] = what[i] == '\0'   ? '0'
			     : what[i] == '\r' ? 'R'
					       : what[i];
	strcpy(to + at + length, "|");
}

/* What lines.h promises, from the text itself. */
static void expect_lines(void)
{
	const char *at = post.text, *last = post.text + post.length;

	post.wanted[0] = '\0';
	while (at < last) {
		const char *lf = memchr(at, '\n', (size_t)(last - at));
		size_t took = lf ? (size_t)(lf - at) + 1 : (size_t)(last - at);
		size_t length = lf ? took - 1 : took;

		if (lf && length > 0 && at[length - 1] == '\r')
			length--;
		if (took + (lf == NULL) > post.size - 1)
			strcat(post.wanted, "long|");
		else
			write_down(post.wanted, at, length, (ssize_t)took);
		at += took;
	}
	strcat(post.wanted, "end|end|");
}

static void send_pieces(struct loop *L, void *ud)
{
	size_t piece;

	for (size_t at = 0; at < post.length; at += piece) {
		piece = post.length - at < post.piece ? post.length - at
						      : post.piece;
		assert_int_equal(__real_write(it.fd[1], post.text + at, piece),
				 piece);
		assert_int_equal(timer_sleep(L->T, TIMER_MS), 0);
	}
	close(it.fd[1]);
	end(L, ud);
}

static void hear_lines(struct loop *L, void *ud)
{
	int ends = 0;
	char *line;

	while (ends < 2) {
		ssize_t took = lines_read(&post.in, &line);

		if (took > 0) {
			assert_true(line >= post.buffer &&
				    line + post.in.length <
					    post.buffer + post.size);
			assert_int_equal(line[post.in.length], '\0');
			write_down(post.heard, line, post.in.length, took);
		} else if (took == -1) {
			assert_int_equal(errno, EMSGSIZE);
			strcat(post.heard, "long|");
		} else {
			strcat(post.heard, "end|");
			ends++;
		}
	}
	end(L, ud);
}

static void post_it(const char *text, size_t length, size_t size, size_t piece)
{
	half_pair();
	post.text = text;
	post.length = length;
	post.size = size;
	post.piece = piece;
	post.heard[0] = '\0';
	post.buffer = malloc(size);
	memset(post.buffer, '\n', size); /* what is there already is no line */
	assert_int_equal(
		lines_init(&post.in, it.L->N, it.fd[0], post.buffer, size), 0);
	expect_lines();
	it.done = 0;
	start(0, hear_lines);
	start(1, send_pieces);
	run_all(2);
	assert_string_equal(post.heard, post.wanted);
	assert_int_equal(socket_close(it.L->N, it.fd[0]), 0);
	free(post.buffer);
}

static const char letter[] = "alpha\r\n\nbe\rta\n\r\n\r\r\nga\0mma\r\n\0\n"
			     "a longer line\r\nx\n\n\nlast";

/* In pieces of every size, into buffers of every size. */
static void lines_in_pieces(void **state)
{
	size_t length = sizeof(letter) - 1;

	begin(state, 2);
	for (size_t size = 2; size < 20; size++)
		for (size_t piece = 1; piece <= length; piece++)
			if (scale() == 1 || piece % 7 < 2)
				post_it(letter, length, size, piece);
	post_it(letter, length, 1024, length);
	finish();
}

/* The system itself gives fewer bytes than there is room for. */
static void lines_in_short_reads(void **state)
{
	size_t length = sizeof(letter) - 1;

	begin(state, 2);
	for (size_t most = 1; most < 8; most++)
		for (size_t size = 2; size < 20; size += 3) {
			calls[READ].most = most;
			post_it(letter, length, size, length);
		}
	finish();
}

static void ends_of_all_kinds(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"\r",
		"\r\n",
		"\n\n\n",
		"a",
		"a\r",
		"a\r\n",
		"abc",
		"abc\n",
		"abcd",
		"abcd\n",
		"abcde",
		"a\nabc",
		"a\nabcd",
		"a\nabcde",
		"abcd\r\n",
		"abc\r\n",
		"ab\r\n",
		"\r\r\r\r\n",
		"abcdefghijkl",
		"abcdefghijkl\n",
		"abcdefghijkl\nabc\n",
		"abc\nabcdefghijkl\n\nabcdefghijkl",
	};

	begin(state, 2);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t piece = 1; piece <= 6; piece++)
			post_it(texts[i], strlen(texts[i]), 5, piece);
	finish();
}

static void many_that_are_too_long(void **state)
{
	static char text[3000];
	size_t at = 0;

	begin(state, 2);
	for (int i = 0; i < 100; i++)
		at += (size_t)sprintf(text + at, "%.*s\n", 5 + i % 17,
				      "abcdefghijklmnopqrstuvwxyz");
	strcpy(text + at, "fit\n");
	for (size_t piece = 1; piece < 64; piece = piece * 2 + 1)
		post_it(text, at + 4, 6, piece);
	finish();
}

static void refused_lines(void **state)
{
	struct lines in;
	char buffer[8], *line = buffer;

	begin(state, 2);
	half_pair();
	REFUSED(EINVAL, lines_init(NULL, it.L->N, it.fd[0], buffer, 8));
	REFUSED(EINVAL, lines_init(&in, NULL, it.fd[0], buffer, 8));
	REFUSED(EINVAL, lines_init(&in, it.L->N, it.fd[0], NULL, 8));
	REFUSED(EINVAL, lines_init(&in, it.L->N, it.fd[0], buffer, 1));
	REFUSED(EINVAL, lines_init(&in, it.L->N, it.fd[0], buffer, 0));
	assert_int_equal(lines_init(&in, it.L->N, it.fd[0], buffer, 8), 0);
	REFUSED(EINVAL, lines_read(NULL, &line));
	REFUSED(EINVAL, lines_read(&in, NULL));
	say("a\nb"); /* what needs no waiting goes from outside, too */
	assert_int_equal(lines_read(&in, &line), 2);
	assert_string_equal(line, "a");
	REFUSED(EPERM, lines_read(&in, &line));
	assert_int_equal(lines_init(&in, it.L->N, it.fd[1], buffer, 8), 0);
	REFUSED(EBADF, lines_read(&in, &line)); /* it is not adopted */
	close(it.fd[1]);
	finish();
}

static void hear_in_time(struct loop *L, void *ud)
{
	char *line;

	assert_int_equal(lines_init(&post.in, L->N, it.fd[0], post.heard, 8),
			 0);
	timer_deadline(L->T, 10 * TIMER_MS);
	REFUSED(ETIMEDOUT, lines_read(&post.in, &line));
	REFUSED(ETIMEDOUT, lines_read(&post.in, &line));
	timer_deadline(L->T, TIMER_NEVER);
	assert_int_equal(lines_read(&post.in, &line), 5);
	assert_string_equal(line, "half");
	REFUSED(EMSGSIZE, lines_read(&post.in, &line));
	timer_deadline(L->T, 30 * TIMER_MS); /* inside of the long one */
	REFUSED(ETIMEDOUT, lines_read(&post.in, &line));
	timer_deadline(L->T, TIMER_NEVER);
	assert_int_equal(lines_read(&post.in, &line), 3);
	assert_string_equal(line, "ok");
	dispatcher_interrupt(L->D, it.ids[0], ECANCELED);
	REFUSED(ECANCELED, lines_read(&post.in, &line));
	dispatcher_interrupt(L->D, it.ids[0], 0);
	assert_int_equal(lines_read(&post.in, &line), 4);
	assert_string_equal(line, "end");
	end(L, ud);
}

static void send_late(struct loop *L, void *ud)
{
	say("ha");
	assert_int_equal(timer_sleep(L->T, 20 * TIMER_MS), 0);
	say("lf\nmuch too lo");
	assert_int_equal(timer_sleep(L->T, 20 * TIMER_MS), 0);
	say("ng\nok\ne");
	assert_int_equal(timer_sleep(L->T, 20 * TIMER_MS), 0);
	say("nd\n");
	end(L, ud);
}

static void a_time_out_loses_nothing(void **state)
{
	begin(state, 2);
	half_pair();
	start(0, hear_in_time);
	start(1, send_late);
	run_all(2);
	close(it.fd[1]);
	finish();
}

static void hear_a_close(struct loop *L, void *ud)
{
	char *line;

	assert_int_equal(lines_init(&post.in, L->N, it.fd[0], post.heard, 8),
			 0);
	say("ab");
	REFUSED(ECANCELED, lines_read(&post.in, &line));
	REFUSED(EBADF, lines_read(&post.in, &line));
	end(L, ud);
}

static void close_it(struct loop *L, void *ud)
{
	assert_int_equal(socket_close(L->N, it.fd[0]), 0);
	end(L, ud);
}

static void closed_while_it_reads(void **state)
{
	begin(state, 2);
	half_pair();
	start(0, hear_a_close);
	start(1, close_it);
	run_all(2);
	close(it.fd[1]);
	finish();
}

/* What is in the buffer needs no descriptor, and no waiting. */
static void hear_what_is_there(struct loop *L, void *ud)
{
	char *line;

	assert_int_equal(lines_init(&post.in, L->N, it.fd[0], post.heard, 16),
			 0);
	say("one\ntwo\nthr");
	assert_int_equal(lines_read(&post.in, &line), 4);
	assert_string_equal(line, "one");
	assert_int_equal(loop_stop(L), 0);
	assert_int_equal(lines_read(&post.in, &line), 4);
	assert_string_equal(line, "two");
	REFUSED(ECANCELED, lines_read(&post.in, &line));
	end(L, ud);
}

static void lines_that_are_there(void **state)
{
	begin(state, 2);
	half_pair();
	start(0, hear_what_is_there);
	run_all(1);
	close(it.fd[1]);
	finish();
}

/* A peer whose bytes never cease: there is always something to read. */
static void read_without_a_pause(struct loop *L, void *ud)
{
	char bytes[64];
	int tries = 0;

	do
		say(tries++ < 1000 ? "0123456789" : "");
	while (socket_read(L->N, it.fd[0], bytes, 10) == 10);
	it.signal = errno;
	end(L, ud);
}

static void hear_without_a_pause(struct loop *L, void *ud)
{
	char *line;
	int tries = 0;

	lines_init(&post.in, L->N, it.fd[0], post.heard, 4000);
	do
		say(tries++ < 1000 ? "\n\n\n" : "");
	while (lines_read(&post.in, &line) > 0);
	it.signal = errno;
	end(L, ud);
}

static void stop_it(struct loop *L, void *ud)
{
	assert_int_equal(loop_stop(L), 0);
	end(L, ud);
}

static void strike_at_20(struct loop *L, void *ud)
{
	char bytes[64];

	timer_deadline(L->T, 20 * TIMER_MS);
	do {
		say("0123456789");
		sleeper.now += TIMER_MS;
	} while (socket_read(L->N, it.fd[0], bytes, 10) == 10);
	it.signal = errno;
	end(L, ud);
}

static void let_time_pass(struct loop *L, void *ud)
{
	assert_int_equal(timer_sleep(L->T, 30 * TIMER_MS), 0);
	end(L, ud);
}

static void busy_until(void **state, loop_func busy, loop_func other, int error)
{
	begin(state, 2);
	half_pair();
	start(0, busy);
	start(1, other);
	run_all(2);
	assert_int_equal(it.signal, error);
	close(it.fd[1]);
	finish();
}

/* Who never waits hears at the end of its turn. */
static void a_busy_one_hears_a_stop(void **state)
{
	busy_until(state, read_without_a_pause, stop_it, ECANCELED);
	busy_until(state, hear_without_a_pause, stop_it, ECANCELED);
}

static void a_busy_one_hears_its_deadline(void **state)
{
	busy_until(state, strike_at_20, let_time_pass, ETIMEDOUT);
}

/* Each byte begins the idle time anew; the caller's deadline stays as it was. */
static void hear_a_slow_one(struct loop *L, void *ud)
{
	char *line;

	lines_init(&post.in, L->N, it.fd[0], post.heard, 16);
	post.in.idle = 15 * TIMER_MS;
	assert_true(timer_deadline(L->T, 500 * TIMER_MS) == TIMER_NEVER);
	assert_int_equal(lines_read(&post.in, &line), 4); /* after 30 ms */
	REFUSED(ETIMEDOUT, lines_read(&post.in, &line));
	assert_true(timer_deadline(L->T, 40 * TIMER_MS) == 500 * TIMER_MS);
	REFUSED(ETIMEDOUT, lines_read(&post.in, &line)); /* the earlier one */
	assert_true(timer_deadline(L->T, TIMER_NEVER) == 40 * TIMER_MS);
	post.in.idle = TIMER_NEVER;
	assert_int_equal(lines_read(&post.in, &line), 2);
	assert_string_equal(line, "d");
	end(L, ud);
}

static void send_slowly(struct loop *L, void *ud)
{
	static const char *const pieces[] = { "a", "b", "c\n" };

	for (int i = 0; i < 3; i++) {
		assert_int_equal(timer_sleep(L->T, 10 * TIMER_MS), 0);
		say(pieces[i]);
	}
	assert_int_equal(timer_sleep(L->T, 60 * TIMER_MS), 0);
	say("d\n");
	end(L, ud);
}

static void nothing_for_too_long(void **state)
{
	begin(state, 2);
	half_pair();
	start(0, hear_a_slow_one);
	start(1, send_slowly);
	run_all(2);
	close(it.fd[1]);
	finish();
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE_TEST(refusals),
		ONCE_TEST(the_defaults),
		ONCE_TEST(each_option),
		ONCE_TEST(options_out_of_range),
		EACH_TEST(open_fails),
		EACH_TEST(started_from_inside_and_outside),
		ONCE_TEST(named),
		EACH_TEST(every_slot_taken),
		EACH_TEST(joined),
		EACH_TEST(both_ways_to_spawn),
		ONCE_TEST(locals_in_a_list),
		EACH_TEST(refused_from_inside),
		EACH_TEST(refused_while_news_is_asked_for),
		EACH_TEST(close_with_everybody_alive),
		EACH_TEST(stopped_from_inside),
		EACH_TEST(stopped_from_outside),
		EACH_TEST(stopped_before_it_runs),
		EACH_TEST(a_clean_up_that_waits),
		EACH_TEST(stopped_twice),
		EACH_TEST(stopped_twice_before_it_runs),
		EACH_TEST(two_loops),
		EACH_TEST(a_loop_in_a_loop),
		EACH_TEST(a_signal_stops),
		EACH_TEST(a_signal_before_it_runs),
		EACH_TEST(a_signal_from_a_child),
		EACH_TEST(two_signals),
		ONCE_TEST(many_signals),
		EACH_TEST(a_signal_while_all_are_busy),
		EACH_TEST(a_signal_while_all_wait_for_each_other),
		EACH_TEST(one_signal_one_loop),
		ONCE_TEST(signals_there_are_not),
		ONCE_TEST(a_child_stops_nobody),
		ONCE_TEST(a_child_has_a_loop_of_its_own),
		ONCE_TEST(no_bell),
		EACH_TEST(listens),
		ONCE_TEST(listening_in_vain),
		ONCE_TEST(each_call_of_listen_fails),
		EACH_TEST(allocations_fail),
		EACH_TEST(lines_in_pieces),
		ONCE_TEST(lines_in_short_reads),
		ONCE_TEST(ends_of_all_kinds),
		ONCE_TEST(many_that_are_too_long),
		ONCE_TEST(refused_lines),
		EACH_TEST(a_time_out_loses_nothing),
		EACH_TEST(closed_while_it_reads),
		EACH_TEST(lines_that_are_there),
		EACH_TEST(a_busy_one_hears_a_stop),
		EACH_TEST(a_busy_one_hears_its_deadline),
		EACH_TEST(nothing_for_too_long),
	};

	return run_on_both_pollers("loop", "", entries,
				   sizeof(entries) / sizeof(entries[0]));
}
