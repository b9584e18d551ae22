/* Strict mode: whoever touches a local of a coroutine that is away dies there,
 * after one line that names both. Each case runs in a child. Built with
 * -DCOROUTINE_STRICT; the library's other suites run in such a build too. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../coroutine.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 8, STACK = 65536, TEXT = 4000, FINE = 42 };

/* ---- a case in a child --------------------------------------------------- */

static void (*setting)(void); /* runs in the child before its case */

static void be_the_child(void (*run)(void), int errors)
{
	struct rlimit no_core = { 0, 0 };
	int number;

	setrlimit(RLIMIT_CORE, &no_core);
	for (number = 1; number < 32; number++)
		signal(number, SIG_DFL); /* CMocka has handlers */
	dup2(errors, STDERR_FILENO);
	alarm(60);
	if (setting)
		setting();
	run();
	_exit(FINE);
}

/* Its status, and what it wrote to stderr. */
static int run_child(void (*run)(void), char *text)
{
	int ends[2], status;
	size_t length = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		be_the_child(run, ends[1]);
	close(ends[1]);
	while ((got = read(ends[0], text + length, TEXT - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Dies by SIGSEGV (SIGBUS on some systems) after exactly this. */
static void dies(void (*run)(void), const char *line)
{
	char text[TEXT];
	int status = run_child(run, text);

	assert_string_equal(text, line);
	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
}

/* Comes to its end, and stderr is empty. */
static void lives(void (*run)(void))
{
	char text[TEXT];
	int status = run_child(run, text);

	assert_string_equal(text, "");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

/* In the child: a condition that does not hold ends it with a line. */
#define MUST(condition)                                                 \
	do {                                                            \
		if (condition)                                          \
			break;                                          \
		fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
		_exit(1);                                               \
	} while (0)

/* ---- the players --------------------------------------------------------- */

static volatile int *local; /* of who lent it last */
static volatile int seen;

/* By a call: gcc warns where it sees what this suite is about. */
static void put_local(volatile int *mine)
{
	local = mine;
}

static void (*volatile hand_out)(volatile int *mine) = put_local;

static struct schedule *open_with(int slots, int stacks)
{
	struct coroutine_options options = { slots, STACK, stacks };
	struct schedule *S = coroutine_open_with(&options);

	MUST(S != NULL);
	return S;
}

/* Lends its local, yields, and finds there what it left there. */
static void lend(struct schedule *S, void *ud)
{
	volatile int mine = 7;

	(void)ud;
	hand_out(&mine);
	coroutine_yield(S);
	MUST(mine == 7);
}

static void read_it(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	seen = *local;
}

static void write_it(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	*local = 8;
}

static int make(struct schedule *S, coroutine_func func)
{
	int id = coroutine_new(S, func, NULL);

	MUST(id >= 0);
	return id;
}

/* main | r
 * 0    |   y     its local is lent from here on */
static struct schedule *with_lender(int stacks)
{
	struct schedule *S = open_with(SLOTS, stacks);

	MUST(coroutine_resume(S, make(S, lend)) == COROUTINE_SUSPEND);
	return S;
}

#define SUSPENDED " touches a local of coroutine 0, which is suspended\n"
#define WAITING " touches a local of coroutine 0, which waits for another\n"
#define ENDED " touches a local of coroutine 0, which has ended\n"
#define OUTSIDE "code outside of every coroutine"

/* ---- who touches --------------------------------------------------------- */

static void main_reads(void)
{
	with_lender(1);
	seen = *local;
}

static void main_writes(void)
{
	with_lender(1);
	*local = 8;
}

static void another_reads(void)
{
	struct schedule *S = with_lender(1);

	coroutine_resume(S, make(S, read_it));
}

static void another_writes(void)
{
	struct schedule *S = with_lender(1);

	coroutine_resume(S, make(S, write_it));
}

/* Two stacks for eight slots are shared ones, too. */
static void another_stack_of_two(void)
{
	struct schedule *S = with_lender(2);

	coroutine_resume(S, make(S, write_it));
}

static void suspended_ones(void **state)
{
	(void)state;
	dies(main_reads, OUTSIDE SUSPENDED);
	dies(main_writes, OUTSIDE SUSPENDED);
	dies(another_reads, "coroutine 1" SUSPENDED);
	dies(another_writes, "coroutine 1" SUSPENDED);
	dies(another_stack_of_two, "coroutine 1" SUSPENDED);
}

/* main | r
 * 0    |   r       its local is lent while it is NORMAL
 * 1    |     *  */
static void lend_and_resume(struct schedule *S, void *ud)
{
	volatile int mine = 7;

	hand_out(&mine);
	coroutine_resume(S, *(int *)ud);
}

static void callee_of(coroutine_func func)
{
	struct schedule *S = open_with(SLOTS, 1);
	static int callee;
	int caller = coroutine_new(S, lend_and_resume, &callee);

	callee = make(S, func);
	coroutine_resume(S, caller);
}

static void callee_reads(void)
{
	callee_of(read_it);
}

static void callee_writes(void)
{
	callee_of(write_it);
}

static void waiting_ones(void **state)
{
	(void)state;
	dies(callee_reads, "coroutine 1" WAITING);
	dies(callee_writes, "coroutine 1" WAITING);
}

static void lend_and_end(struct schedule *S, void *ud)
{
	volatile int mine = 7;

	(void)S;
	(void)ud;
	hand_out(&mine);
}

static void main_reads_the_dead(void)
{
	struct schedule *S = open_with(SLOTS, 1);

	MUST(coroutine_resume(S, make(S, lend_and_end)) == COROUTINE_DEAD);
	seen = *local;
}

/* The slot has a new owner that has not run yet. */
static void main_reads_a_former_owner(void)
{
	struct schedule *S = open_with(SLOTS, 1);

	MUST(coroutine_resume(S, make(S, lend_and_end)) == COROUTINE_DEAD);
	MUST(make(S, lend) == SLOTS);
	seen = *local;
}

/* Coroutine 1 begins 0, which ends. */
static void begin_and_read(struct schedule *S, void *ud)
{
	(void)ud;
	MUST(coroutine_resume(S, 0) == COROUTINE_DEAD);
	seen = *local;
}

static void a_caller_reads_the_dead(void)
{
	struct schedule *S = open_with(SLOTS, 1);

	make(S, lend_and_end);
	coroutine_resume(S, make(S, begin_and_read));
}

static void dead_ones(void **state)
{
	(void)state;
	dies(main_reads_the_dead, OUTSIDE ENDED);
	dies(main_reads_a_former_owner, OUTSIDE ENDED);
	dies(a_caller_reads_the_dead, "coroutine 1" ENDED);
}

/* ---- what is no mistake -------------------------------------------------- */

/* Its own locals, before and after; those of main; memory from the heap. */
static void use_all(struct schedule *S, void *ud)
{
	volatile int mine = 7, *heap = (int *)malloc(sizeof(*heap)), i;

	MUST(heap != NULL);
	for (i = 0; i < 5; i++) {
		*heap = mine++;
		++*(int *)ud;
		coroutine_yield(S);
		MUST(*heap == mine - 1);
	}
	free((void *)heap);
}

static void all_is_well(void)
{
	struct schedule *S = open_with(SLOTS, 1);
	int count = 0, i;

	for (i = 0; i < SLOTS; i++)
		coroutine_new(S, use_all, &count);
	while (coroutine_status(S, SLOTS - 1) != COROUTINE_DEAD)
		for (i = 0; i < SLOTS; i++)
			coroutine_resume(S, i);
	MUST(count == 5 * SLOTS);
	MUST(coroutine_close(S) == 0);
}

/* With a stack each, pointers to locals are good while the function lasts. */
static void private_stacks(void)
{
	struct schedule *S = with_lender(SLOTS);

	MUST(*local == 7);
	coroutine_resume(S, make(S, read_it));
	MUST(seen == 7);
	*local = 7;
	MUST(coroutine_close(S) == 0);
}

/* Inside 0 of S a coroutine of T runs: 0 is RUNNING, and its frames are there
 * as long as nobody else of S runs. */
static void host(struct schedule *S, void *ud)
{
	volatile int mine = 7;
	struct schedule *T = open_with(SLOTS, 1);

	(void)S;
	(void)ud;
	hand_out(&mine);
	MUST(coroutine_resume(T, make(T, write_it)) == COROUTINE_DEAD);
	MUST(mine == 8);
	MUST(coroutine_close(T) == 0);
}

static void a_running_host(void)
{
	struct schedule *S = open_with(SLOTS, 1);

	MUST(coroutine_resume(S, make(S, host)) == COROUTINE_DEAD);
	MUST(coroutine_close(S) == 0);
}

static void close_with_suspended(void)
{
	int i;

	for (i = 0; i < 300; i++)
		MUST(coroutine_close(with_lender(1)) == 0);
}

static void no_mistakes(void **state)
{
	(void)state;
	lives(all_is_well);
	lives(private_stacks);
	lives(a_running_host);
	lives(close_with_suspended);
}

/* ---- the system touches -------------------------------------------------- */

static void the_system_reads(void)
{
	int ends[2];

	with_lender(1);
	MUST(pipe(ends) == 0 && write(ends[1], "abcd", 4) == 4);
	errno = 0;
	MUST(read(ends[0], (void *)local, 4) == -1 && errno == EFAULT);
	errno = 0;
	MUST(write(ends[1], (void *)local, 4) == -1 && errno == EFAULT);
}

static void system_calls_fail(void **state)
{
	(void)state;
	lives(the_system_reads);
}

/* ---- several schedules and threads --------------------------------------- */

static void other_schedule(void)
{
	struct schedule *T;

	with_lender(1);
	T = open_with(SLOTS, SLOTS);
	make(T, lend);
	coroutine_resume(T, make(T, read_it));
}

/* main | r            first schedule: 0 and 1; second: 0
 * 0    |   r
 * (0)  |     r
 * 1    |       *      0 waits, as 1 stands in its place */
static struct schedule *outer;

static void resume_one_of_the_outer(struct schedule *T, void *ud)
{
	(void)T;
	(void)ud;
	coroutine_resume(outer, 1);
}

static void lend_and_host(struct schedule *S, void *ud)
{
	volatile int mine = 7;
	struct schedule *T = open_with(SLOTS, 1);

	(void)ud;
	outer = S;
	hand_out(&mine);
	coroutine_resume(T, make(T, resume_one_of_the_outer));
	MUST(mine == 7); /* control is back where it was */
	seen = 1;
}

static void nested(coroutine_func func)
{
	struct schedule *S = open_with(SLOTS, 1);

	make(S, lend_and_host);
	make(S, func);
	coroutine_resume(S, 0);
}

static void nested_reads(void)
{
	nested(read_it);
}

static void end_at_once(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

static void nested_and_back(void)
{
	seen = 0;
	nested(end_at_once);
	MUST(seen == 1);
	nested(lend);
	MUST(seen == 1);
}

/* After a nested schedule the line names the outer coroutine again. */
static void host_and_read(struct schedule *S, void *ud)
{
	struct schedule *T = open_with(SLOTS, 1);

	(void)S;
	(void)ud;
	coroutine_resume(T, make(T, end_at_once));
	seen = *local;
}

static void the_outer_reads(void)
{
	struct schedule *S = with_lender(1);

	coroutine_resume(S, make(S, host_and_read));
}

static void several_schedules(void **state)
{
	(void)state;
	dies(other_schedule, "coroutine 1 of another schedule" SUSPENDED);
	dies(nested_reads, "coroutine 1" WAITING);
	dies(the_outer_reads, "coroutine 1" SUSPENDED);
	lives(nested_and_back);
}

static void *a_thread_of_its_own(void *arg)
{
	struct schedule *S = with_lender(1);

	(void)arg;
	coroutine_resume(S, make(S, read_it));
	return NULL;
}

static void *only_reads(void *arg)
{
	(void)arg;
	seen = *local;
	return NULL;
}

static void a_second_thread(void *(*run)(void *))
{
	pthread_t thread;

	with_lender(1);
	MUST(pthread_create(&thread, NULL, run, NULL) == 0);
	pthread_join(thread, NULL);
}

static void a_thread_with_a_schedule(void)
{
	a_second_thread(a_thread_of_its_own);
}

static void a_thread_without(void)
{
	a_second_thread(only_reads);
}

/* Threads that open, run and close at the same time, again and again. */
static void *busy(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 200; i++) {
		struct schedule *S = open_with(SLOTS, 1);
		int count = 0;

		coroutine_new(S, use_all, &count);
		coroutine_new(S, use_all, &count);
		while (coroutine_resume(S, 0) == COROUTINE_SUSPEND)
			coroutine_resume(S, 1);
		MUST(count == 10 && coroutine_close(S) == 0);
	}
	return NULL;
}

static void busy_threads(void)
{
	pthread_t threads[4];
	int i;

	for (i = 0; i < 4; i++)
		MUST(pthread_create(&threads[i], NULL, busy, NULL) == 0);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void several_threads(void **state)
{
	(void)state;
	dies(a_thread_with_a_schedule, "coroutine 1" SUSPENDED);
	dies(a_thread_without, OUTSIDE SUSPENDED);
	lives(busy_threads);
}

/* ---- moves --------------------------------------------------------------- */

static void lend_and_transfer(struct schedule *S, void *ud)
{
	volatile int mine = 7;

	hand_out(&mine);
	coroutine_transfer(S, *(int *)ud);
	MUST(mine == 7);
}

static void transferred(coroutine_func func)
{
	struct schedule *S = open_with(SLOTS, 1);
	static int to;
	int from = coroutine_new(S, lend_and_transfer, &to);

	to = make(S, func);
	coroutine_resume(S, from);
	MUST(coroutine_resume(S, from) == COROUTINE_DEAD);
	MUST(coroutine_close(S) == 0);
}

static void the_transferred_to_reads(void)
{
	transferred(read_it);
}

static void transfer_and_back(void)
{
	transferred(end_at_once);
}

/* A caller is whole again after its callee has yielded, and has ended. */
static void call_twice(struct schedule *S, void *ud)
{
	volatile int mine = 7;

	MUST(coroutine_resume(S, *(int *)ud) == COROUTINE_SUSPEND);
	MUST(mine++ == 7);
	MUST(coroutine_resume(S, *(int *)ud) == COROUTINE_DEAD);
	MUST(mine == 8);
	seen = *local; /* and the callee's local is not */
}

static void the_caller_reads(void)
{
	struct schedule *S = open_with(SLOTS, 1);
	int callee = make(S, lend);

	coroutine_resume(S, coroutine_new(S, call_twice, &callee));
}

static void moves(void **state)
{
	(void)state;
	dies(the_transferred_to_reads, "coroutine 1" SUSPENDED);
	dies(the_caller_reads, "coroutine 1" ENDED);
	lives(transfer_and_back);
}

/* ---- overflows ----------------------------------------------------------- */

static int go_down(int depth)
{
	volatile char *bytes = (volatile char *)alloca(1000);

	bytes[0] = 1;
	return depth == 0 ? 0 : go_down(depth - 1) + bytes[0];
}

static void overflow(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	go_down(1000000);
}

static void overflow_shared(void)
{
	struct schedule *S = open_with(SLOTS, 1);

	make(S, end_at_once);
	coroutine_resume(S, make(S, overflow));
}

static void overflow_private(void)
{
	struct schedule *S = open_with(SLOTS, SLOTS);

	make(S, end_at_once);
	coroutine_resume(S, make(S, overflow));
}

static void *overflow_there(void *arg)
{
	(void)arg;
	overflow_shared();
	return NULL;
}

static void overflow_in_a_thread(void)
{
	a_second_thread(overflow_there);
}

/* The line names how large the stack is: no smaller than what was asked for,
 * and no larger than a page and the colours on top. */
static void says_overflow(void (*run)(void))
{
	char text[TEXT];
	int status = run_child(run, text);
	unsigned long size = 0;

	assert_true(WIFSIGNALED(status));
	assert_int_equal(sscanf(text,
				"coroutine 1 overflowed its stack: open the "
				"schedule with a stack_size above %lu\n",
				&size),
			 1);
	assert_in_range(size, STACK, STACK + 1024 + sysconf(_SC_PAGESIZE));
	assert_int_equal(text[strlen(text) - 1], '\n');
}

static void overflows(void **state)
{
	(void)state;
	says_overflow(overflow_shared);
	says_overflow(overflow_private);
	says_overflow(overflow_in_a_thread);
}

/* ---- the program's own handlers ------------------------------------------ */

static char *page; /* nobody may touch it */

static void say_and_exit(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (number == SIGSEGV && (char *)info->si_addr == page)
		_exit(write(STDERR_FILENO, "mine\n", 5) == 5 ? FINE : 2);
	_exit(3);
}

static void say_plainly(int number)
{
	_exit(number == SIGSEGV && write(STDERR_FILENO, "plain\n", 6) == 6
		      ? FINE
		      : 2);
}

/* Makes the page accessible, so that the instruction succeeds. */
static void mend(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if ((char *)info->si_addr != page || mprotect(page, 1, 3) != 0)
		_exit(3);
}

static void handle(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

static void handle_and_exit(void)
{
	handle(say_and_exit);
}

static void handle_plainly(void)
{
	signal(SIGSEGV, say_plainly);
}

static void handle_and_mend(void)
{
	handle(mend);
}

static void ignore(void)
{
	signal(SIGSEGV, SIG_IGN);
}

static void touch_the_page(void)
{
	page = (char *)mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(page != MAP_FAILED);
	with_lender(1);
	page[0] = 1;
	page[0]++;
	MUST(page[0] == 2);
}

/* The program's handler is set after the first open, and finds the one before:
 * ours, which the next open sets again. */
static struct sigaction found;

static void pass_on(int number, siginfo_t *info, void *context)
{
	if (found.sa_flags & SA_SIGINFO)
		found.sa_sigaction(number, info, context);
}

static void handle_between(void)
{
	with_lender(1);
	sigaction(SIGSEGV, NULL, &found);
	handle(pass_on);
	touch_the_page();
}

static void touch_null(void)
{
	static volatile int *volatile nothing;

	with_lender(1);
	seen = *nothing;
}

static void sent(void)
{
	with_lender(1);
	raise(SIGSEGV);
}

static void ends_by_itself(void (*before)(void), void (*run)(void),
			   const char *said)
{
	char text[TEXT];
	int status;

	setting = before;
	status = run_child(run, text);
	setting = NULL;
	assert_string_equal(text, said);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

static void handlers(void **state)
{
	(void)state;
	ends_by_itself(handle_and_exit, touch_the_page, "mine\n");
	ends_by_itself(handle_plainly, touch_the_page, "plain\n");
	ends_by_itself(handle_plainly, sent, "plain\n");
	ends_by_itself(handle_and_mend, touch_the_page, "");
	ends_by_itself(ignore, sent, "");
	dies(touch_the_page, "");
	dies(touch_null, "");
	dies(sent, "");
	dies(handle_between, "");
	setting = ignore;
	dies(touch_the_page, "");
	dies(main_reads, OUTSIDE SUSPENDED);
	setting = handle_and_exit;
	dies(main_reads, OUTSIDE SUSPENDED);
	setting = NULL;
}

/* The program has an alternate stack: it stays. */
static void own_alternate_stack(void)
{
	static char ground[65536];
	stack_t mine, now;

	memset(&mine, 0, sizeof(mine));
	mine.ss_sp = ground;
	mine.ss_size = sizeof(ground);
	MUST(sigaltstack(&mine, NULL) == 0);
	with_lender(1);
	MUST(sigaltstack(NULL, &now) == 0 && now.ss_sp == ground);
}

static void alternate_stacks(void **state)
{
	(void)state;
	lives(own_alternate_stack);
	setting = own_alternate_stack;
	says_overflow(overflow_shared);
	setting = NULL;
}

/* ---- what is large ------------------------------------------------------- */

static void the_defaults(void)
{
	struct schedule *S = coroutine_open();
	int count = 0, i;

	MUST(S != NULL);
	for (i = 0; i < 5000; i++)
		MUST(coroutine_new(S, use_all, &count) == i);
	for (i = 0; i < 5000; i++)
		MUST(coroutine_resume(S, i) == COROUTINE_SUSPEND);
	for (i = 4999; i >= 0; i--)
		MUST(coroutine_resume(S, i) == COROUTINE_SUSPEND);
	MUST(count == 10000 && coroutine_close(S) == 0);
}

/* Address space that does not exist. */
static void too_large(void)
{
	struct coroutine_options options = { COROUTINE_SLOTS_MAX, 0, 1 };

	options.stack_size = SIZE_MAX / 8;
	errno = 0;
	MUST(coroutine_open_with(&options) == NULL && errno == ENOMEM);
	options.stack_size = (size_t)1 << (sizeof(size_t) * 4 + 10);
	errno = 0;
	MUST(coroutine_open_with(&options) == NULL && errno == ENOMEM);
}

/* Takes every mapping that the system gives; 0 when it gives a great many. */
static int take_mappings(char **ground, size_t size)
{
	size_t unit = (size_t)sysconf(_SC_PAGESIZE), at;

	*ground = (char *)mmap(NULL, size, PROT_NONE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(*ground != MAP_FAILED);
	for (at = unit; at < size; at += 2 * unit)
		if (mprotect(*ground + at, unit, PROT_READ) == -1)
			return 1;
	return 0;
}

/* A resume is refused where the system opens no more pages: nothing has changed
 * then, and the same resume succeeds when it does. */
static void no_more_mappings(void)
{
	size_t size = (size_t)200000 * (size_t)sysconf(_SC_PAGESIZE);
	struct schedule *S = open_with(SLOTS, 1);
	int first = make(S, lend), second = make(S, lend), result, error;
	char *ground;

	MUST(coroutine_resume(S, first) == COROUTINE_SUSPEND);
	if (!take_mappings(&ground, size))
		return;
	errno = 0;
	result = coroutine_resume(S, second);
	error = errno;
	munmap(ground, size);
	MUST(result == -1 && error == ENOMEM);
	MUST(coroutine_status(S, second) == COROUTINE_READY);
	MUST(coroutine_running(S) == -1);
	MUST(coroutine_resume(S, second) == COROUTINE_SUSPEND);
	MUST(coroutine_resume(S, first) == COROUTINE_DEAD);
	MUST(coroutine_resume(S, second) == COROUTINE_DEAD);
	MUST(coroutine_close(S) == 0);
}

static void limits(void **state)
{
	(void)state;
	lives(the_defaults);
	lives(too_large);
	lives(no_more_mappings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a suspended coroutine's local", suspended_ones, NULL, NULL,
		  NULL },
		{ "a waiting coroutine's local", waiting_ones, NULL, NULL,
		  NULL },
		{ "a dead coroutine's local", dead_ones, NULL, NULL, NULL },
		{ "a transfer, and a caller", moves, NULL, NULL, NULL },
		{ "what is allowed stays allowed", no_mistakes, NULL, NULL,
		  NULL },
		{ "a system call fails with EFAULT", system_calls_fail, NULL,
		  NULL, NULL },
		{ "several schedules", several_schedules, NULL, NULL, NULL },
		{ "several threads", several_threads, NULL, NULL, NULL },
		{ "an overflow is named", overflows, NULL, NULL, NULL },
		{ "the program's own handlers", handlers, NULL, NULL, NULL },
		{ "the program's own alternate stack", alternate_stacks, NULL,
		  NULL, NULL },
		{ "thousands, and more than there is", limits, NULL, NULL,
		  NULL },
	};

	return cmocka_run_group_tests_name("strict", tests, NULL, NULL) > 0;
}
