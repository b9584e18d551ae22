/*
 * CMocka runs in the parent; every check runs in a child that may die of
 * anything. The child tells its result over a pipe whose descriptor no answer
 * closes by accident. Its output goes to files: they are still there whatever
 * it died of, and RLIMIT_FSIZE bounds them in the kernel.
 */
#define _DEFAULT_SOURCE
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <cmocka.h>

enum { SECONDS = 2, OUTPUT = 65536, FIRST_FD = 200, TEXT = 320, WIDTH = 60 };

/* How a test went, in one word ("passed", or what ended it) and in words. */
static struct {
	char how[16], wanted[TEXT], got[TEXT];
} result;

static int verdict[2];  /* the pipe that carries the result */
static int captured[2]; /* the files behind the child's stdout and stderr */
static pid_t child;     /* in both; 0 or less: there is none */

/* ---- In the child: the checks. Nothing big here: the stack may be small. -- */

static _Noreturn void end_test(const char *how)
{
	strcpy(result.how, how);
	if (getpid() == child)
		_exit(write(verdict[1], &result, sizeof(result)) < 0);
	_exit(1);
}

static _Noreturn void end_checks(const char *how)
{
	fflush(stdout);
	end_test(how);
}

void check_int(const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	snprintf(result.wanted, TEXT, "%s: %lld", what, wanted);
	snprintf(result.got, TEXT, "%s: %lld", what, got);
	end_checks("check");
}

void check_true(const char *what, int holds)
{
	if (holds)
		return;
	snprintf(result.wanted, TEXT, "%s", what);
	snprintf(result.got, TEXT, "it is not so");
	end_checks("check");
}

void check_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result.got, TEXT, format, args);
	va_end(args);
	end_checks("check");
}

/* Fit for one line of a terminal: at most WIDTH bytes, and no controls. */
static const char *printable(const char *text, size_t length)
{
	static char shown[WIDTH + 4];
	size_t i;

	for (i = 0; i < length && i < WIDTH; i++)
		shown[i] = text[i] == '\t'                ? ' '
			   : (unsigned char)text[i] < ' ' ? '?'
							  : text[i];
	strcpy(shown + i, i < length ? "..." : "");
	return shown;
}

/* One side of a difference at text[at], in the line that begins at `start`. */
static void side(char *to, const char *where, const char *text, size_t start,
		 size_t at)
{
	size_t from = at - start > WIDTH - 20 ? at - 20 : start;
	const char *line = text ? text + from : NULL;

	if (!line)
		snprintf(to, TEXT, "%sNULL", where);
	else if (text[start] == '\0')
		snprintf(to, TEXT, "%snothing%s", where, at ? " more" : "");
	else
		snprintf(to, TEXT, "%s%s\"%s\"%s", where,
			 from > start ? "... " : "",
			 printable(line, strcspn(line, "\n")),
			 text[at] == '\n' ? " and a new line" : "");
}

void check_str(const char *what, const char *got, const char *wanted)
{
	char where[TEXT / 2];
	size_t i, start = 0, line = 1;

	if (got == wanted || (got && wanted && strcmp(got, wanted) == 0))
		return;
	for (i = 0; got && wanted && got[i] == wanted[i]; i++)
		if (got[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (line > 1 || (wanted && strchr(wanted, '\n')))
		snprintf(where, sizeof(where), "%.80s, line %zu: ", what, line);
	else
		snprintf(where, sizeof(where), "%.80s: ", what);
	side(result.wanted, where, wanted, start, i);
	side(result.got, where, got, start, i);
	end_checks("check");
}

const char *check_output(void (*run)(void *arg), void *arg)
{
	static char text[OUTPUT + 1];
	ssize_t length;
	off_t start;

	fflush(stdout);
	start = lseek(captured[0], 0, SEEK_END);
	run(arg);
	fflush(stdout);
	length = pread(captured[0], text, OUTPUT, start);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

/* ---- In the child: faults and limits. ------------------------------------- */

/* The stack pointer at the fault; 0 where we do not know how to ask. */
static uintptr_t stack_pointer(const ucontext_t *context)
{
#if defined __linux__ && defined __x86_64__
	return (uintptr_t)context->uc_mcontext.gregs[15];
#elif defined __linux__ && defined __aarch64__
	return (uintptr_t)context->uc_mcontext.sp;
#else
	(void)context;
	return 0;
#endif
}

/* access() answers EFAULT, and does not fault again, where nobody may read:
 * in a guard, and in whatever lies next to a stack. */
static const char *name_fault(const siginfo_t *info, const ucontext_t *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	uintptr_t low = stack_pointer(context) - OUTPUT;
	int address =
		info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR;

	if (address && at < OUTPUT)
		return "null";
	if (address && (access(info->si_addr, F_OK) == 0 || errno != EFAULT))
		return "read-only";
	if (address && (info->si_code == SEGV_ACCERR || at - low < 1 << 20))
		return "overflow";
	return "address";
}

/* A process that the test itself forked dies as it would without us. */
static void fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	if (getpid() == child)
		end_test(name_fault(info, context));
}

/* CMocka caught some signals; a null pointer is no news to ASan either. */
static void catch_faults(void)
{
	static char ground[65536];
	stack_t stack = { .ss_sp = ground, .ss_size = sizeof(ground) };
	struct sigaction action = { .sa_sigaction = fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK |
						(int)SA_RESETHAND };
	int number;

	for (number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* Valgrind and ASan are slow, and want memory and stack of their own. */
static int instrumented(void)
{
	const char *preload = getenv("LD_PRELOAD");
#if defined __has_feature
#if __has_feature(address_sanitizer)
	return 1;
#endif
#elif defined __SANITIZE_ADDRESS__
	return 1;
#endif
	return preload && strstr(preload, "vgpreload");
}

static unsigned seconds(void)
{
	return instrumented() ? 30 * SECONDS : SECONDS;
}

static void limit(int resource, rlim_t most)
{
	struct rlimit limits;

	getrlimit(resource, &limits);
	if (most < limits.rlim_cur)
		limits.rlim_cur = most;
	setrlimit(resource, &limits);
}

static void set_limits(void)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, seconds());
	limit(RLIMIT_FSIZE, OUTPUT);
	if (!instrumented()) {
		limit(RLIMIT_STACK, 8 << 20);
#ifndef COROUTINE_STRICT /* every slot takes addresses there */
		limit(RLIMIT_AS, (rlim_t)3 << 30);
#endif
	}
	alarm(seconds());
}

static _Noreturn void run_child(const struct check *test)
{
	child = getpid();
	setpgid(0, 0);
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(captured[0], 1);
	dup2(captured[1], 2);
	setvbuf(stdout, NULL, _IOLBF, 0); /* a crash loses no whole line */
	catch_faults();
	set_limits();
	errno = 0;
	test->run();
	end_checks("passed");
}

/* ---- In the parent: one test. --------------------------------------------- */

static volatile sig_atomic_t late;

/* At the time limit, and when somebody ends us: nothing stays behind. */
static void stop_child(int number)
{
	if (child > 0)
		kill(-child, SIGKILL);
	late = number == SIGALRM;
	if (!late) {
		signal(number, SIG_DFL);
		raise(number);
	}
}

/* A word for what ended the child, and the words the learner reads. */
static const struct ending {
	int number; /* the signal that says the same; 0: none does */
	const char *how, *got;
} endings[] = {
	{ SIGALRM, "time-out", "it did not end: it loops, or waits for ever" },
	{ SIGXCPU, "time-out", "it did not end: it loops, or waits for ever" },
	{ SIGXFSZ, "output", "it printed more than 64 kB" },
	{ SIGABRT, "abort", "it called abort()" },
	/* The handler did not live to tell: */
	{ SIGSEGV, "memory",
	  "it ruined memory far and wide, as an overflowing stack does" },
	{ 0, "overflow", "it overflowed its stack" },
	{ 0, "null", "it used a null pointer" },
	{ 0, "read-only", "it wrote to memory that is read-only" },
	{ 0, "address", "it used an address that is not its own" },
	{ 0, "left", "it left a process behind" },
};

/* The line by which a strict build of the library says what ended it. */
static int name_strictly(void)
{
	static char text[OUTPUT + 1];
	ssize_t length = pread(captured[1], text, OUTPUT, 0);
	char *line, *found;

	text[length > 0 ? length : 0] = '\0';
	found = strstr(text, " touches a local of coroutine ");
	if (!found)
		return 0;
	for (line = found; line > text && line[-1] != '\n'; line--)
		;
	strcpy(result.how, "strict");
	snprintf(result.got, TEXT,
		 "%s%.*s: on a shared stack those bytes are another "
		 "coroutine's by then",
		 strncmp(line, "coroutine ", 10) == 0 ? "your " : "",
		 (int)strcspn(line, "\n"), line);
	return 1;
}

static void name_death(int status)
{
	int number = late ? SIGALRM : WTERMSIG(status);
	size_t i;

	memset(&result, 0, sizeof(result));
	if (number && name_strictly())
		return;
	strcpy(result.how, number ? "signal" : "exit");
	if (number)
		snprintf(result.got, TEXT, "signal %d ended it: %s", number,
			 strsignal(number));
	else
		snprintf(result.got, TEXT,
			 "the program ended here, with exit "
			 "status %d%s",
			 WEXITSTATUS(status),
			 status ? "" : " (no uc_link does that)");
	for (i = 0; number && i < sizeof(endings) / sizeof(*endings); i++)
		if (endings[i].number == number)
			strcpy(result.how, endings[i].how);
}

static void explain(void)
{
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (strcmp(result.how, endings[i].how) == 0)
			strcpy(result.got, endings[i].got);
}

/* Ends all that the answer started; returns whether there was anything. */
static int clear_group(void)
{
	int left;

	while (waitpid(-child, NULL, WNOHANG) > 0)
		;
	left = kill(-child, SIGKILL) == 0;
	while (waitpid(-child, NULL, 0) > 0)
		;
	return left;
}

static void try_test(const struct check *test)
{
	int i, status, left;

	for (i = 0; i < 2; i++) {
		lseek(captured[i], 0, SEEK_SET);
		if (ftruncate(captured[i], 0) != 0)
			perror("check: output");
	}
	memset(&result, 0, sizeof(result));
	late = 0;
	fflush(NULL);
	child = fork();
	if (child == 0)
		run_child(test);
	if (child < 0) {
		strcpy(result.how, "fork");
		snprintf(result.got, TEXT, "no process for it: %s",
			 strerror(errno));
		return;
	}
	setpgid(child, child); /* whoever of the two comes first */
	alarm(seconds() + 1);  /* for an answer that ignores its own alarm */
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	alarm(0);
	left = clear_group();
	child = 0;
	if (read(verdict[0], &result, sizeof(result)) < 0 ||
	    (status != 0 && strcmp(result.how, "passed") == 0))
		name_death(status); /* no word from it, or Valgrind's */
	else if (left && strcmp(result.how, "passed") == 0)
		strcpy(result.how, "left");
	explain();
}

/* ---- In the parent: what the learner sees. -------------------------------- */

static FILE *screen; /* NULL when CMocka's own output is asked for */
static int colour;
static size_t passed, failed, not_run;
static int hung; /* after a time-out the rest would only wait as long */

static void show(const char *label, const char *text)
{
	int line = (int)strcspn(text, "\n");

	if (screen)
		fprintf(screen, "        %-8s %.*s\n", label, line, text);
	else
		print_message("# %s: %.*s\n", label, line, text);
}

static void show_word(const char *how, const char *word, const char *name)
{
	if (screen)
		fprintf(screen, "  %s%-5s%s %s\n", colour ? how : "", word,
			colour ? "\033[0m" : "", name);
}

static int begins_line(const char *text, size_t at)
{
	return text[at] != '\n' && (at == 0 || text[at - 1] == '\n');
}

/* The last lines it printed, or the first: few, as the screen is the hint's. */
static void show_lines(int fd, const char *label, size_t most, int last)
{
	static char text[OUTPUT + 1];
	ssize_t length = pread(fd, text, OUTPUT, 0);
	size_t i, lines = 0, skip, line = 0;
	char note[64];

	text[length > 0 ? length : 0] = '\0';
	for (i = 0; text[i] != '\0'; i++)
		lines += (size_t)begins_line(text, i);
	skip = last && lines > most ? lines - most : 0;
	if (skip > 0) {
		snprintf(note, sizeof(note), "(%zu lines before these)", skip);
		show(label, note);
		label = "";
	}
	for (i = 0; text[i] != '\0'; i++) {
		if (!begins_line(text, i) || line++ < skip ||
		    line > skip + most)
			continue;
		show(label, printable(text + i, strcspn(text + i, "\n")));
		label = "";
	}
}

static void show_failure(const struct check *test)
{
	show_word("\033[1;31m", "FAIL", test->name);
	if (!screen)
		show("failed by", result.how);
	show("wanted", result.wanted[0] ? result.wanted : test->name);
	show("got", result.got);
	show_lines(captured[0], "printed", 2, 1);
	show_lines(captured[1], "stderr", 2, 0);
	show("hint", test->hint);
}

/* The body of every CMocka test. */
static void one_test(void **state)
{
	const struct check *test = *state;

	if (hung) {
		not_run++;
		skip();
	}
	try_test(test);
	if (strcmp(result.how, "passed") == 0) {
		passed++;
		if (failed == 0)
			show_word("\033[32m", "ok", test->name);
		return;
	}
	hung = strcmp(result.how, "time-out") == 0;
	if (failed++ == 0 || !screen)
		show_failure(test);
	fail();
}

static void show_totals(size_t count)
{
	if (!screen)
		return;
	fprintf(screen, "  %zu of %zu tests pass", passed, count);
	if (failed > 1)
		fprintf(screen, "; after this one %zu more fail", failed - 1);
	if (not_run > 0)
		fprintf(screen, "; %zu not run", not_run);
	fprintf(screen, ".\n");
}

/* CMocka's own lines would drown ours, so they go nowhere. */
static int open_all(const char *exercise)
{
	FILE *out = tmpfile(), *err = tmpfile();
	const char *term = getenv("TERM");
	int null = open("/dev/null", O_WRONLY);

	if (!out || !err || null < 0 || pipe(verdict) != 0)
		return -1;
	captured[0] = fcntl(fileno(out), F_DUPFD, FIRST_FD);
	captured[1] = fcntl(fileno(err), F_DUPFD, FIRST_FD);
	verdict[0] = fcntl(verdict[0], F_DUPFD, FIRST_FD);
	verdict[1] = fcntl(verdict[1], F_DUPFD, FIRST_FD);
	fcntl(verdict[0], F_SETFL, O_NONBLOCK);
	if (getenv("CMOCKA_MESSAGE_OUTPUT"))
		return 0;
	colour = isatty(1) && !getenv("NO_COLOR") && term &&
		 strcmp(term, "dumb") != 0;
	screen = fdopen(dup(1), "w");
	if (!screen)
		return -1;
	dup2(null, 1);
	dup2(null, 2);
	fprintf(screen, "exercise %s\n", exercise);
	return 0;
}

int check_exercise(const char *exercise, const struct check *tests,
		   size_t count)
{
	struct CMUnitTest *group = calloc(count, sizeof(*group));
	size_t i;

	if (!group || open_all(exercise) != 0) {
		perror("check_exercise");
		return 1;
	}
	for (i = 0; i < count; i++) {
		group[i].name = tests[i].name;
		group[i].test_func = one_test;
		group[i].initial_state = (void *)&tests[i];
	}
#ifdef PR_SET_CHILD_SUBREAPER
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* clear_group() sees orphans */
#endif
	signal(SIGCHLD, SIG_DFL);
	signal(SIGALRM, stop_child);
	signal(SIGINT, stop_child);
	signal(SIGTERM, stop_child);
	signal(SIGHUP, stop_child);
	_cmocka_run_group_tests(exercise, group, count, NULL, NULL);
	show_totals(count);
	free(group);
	return passed != count;
}
