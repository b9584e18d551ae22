/* Runs a command of the shell and hands back its status and its output. */
#define _POSIX_C_SOURCE 200809L

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	OUTPUT_MAX = 16 << 20, /* an endless print must not take the memory */
	SLICE = 20,            /* ms between two looks at the shell, */
	SLICE_SILENT = 1,      /* and once it has closed its output */
	OK_SECONDS = 300
};

/* A command while it runs. */
struct job {
	pid_t shell;
	int fd;             /* our end of its stdout and stderr; -1 after EOF */
	long long deadline; /* ms on the monotonic clock */
	struct run *result;
	size_t room; /* bytes behind result->out */
};

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The text that printf would print, on the heap; NULL without memory. */
static char *formatted(const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return NULL;
	text = malloc((size_t)length + 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

/* In the child. Both sides call setpgid(), since either may come first. */
static void become_shell(const char *command, int out)
{
	struct rlimit none = { 0, 0 };
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &none);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
	if (out > STDERR_FILENO)
		close(out);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static int start(struct job *job, const char *command)
{
	int ends[2], error;

	if (pipe(ends) < 0)
		return -1;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	job->shell = fork();
	if (job->shell == 0)
		become_shell(command, ends[1]);
	error = errno;
	close(ends[1]);
	if (job->shell < 0) {
		close(ends[0]);
		errno = error;
		return -1;
	}
	setpgid(job->shell, job->shell);
	job->fd = ends[0];
	return 0;
}

/* Room for one more read and the NUL. */
static int grow(struct job *job)
{
	size_t wanted = job->room ? job->room * 2 : 4096;
	char *more;

	if (job->room - job->result->length > 1024)
		return 0;
	more = realloc(job->result->out, wanted);
	if (!more)
		return -1;
	job->result->out = more;
	job->room = wanted;
	return 0;
}

/* One read of what is there. */
static int take(struct job *job)
{
	struct run *result = job->result;
	ssize_t got;

	if (grow(job) < 0)
		return -1;
	got = read(job->fd, result->out + result->length,
		   job->room - result->length - 1);
	if (got > 0) {
		result->length += (size_t)got;
	} else if (got == 0 || errno != EINTR) {
		close(job->fd);
		job->fd = -1;
	}
	return 0;
}

static int out_of_bounds(const struct job *job)
{
	return now() >= job->deadline || job->result->length >= OUTPUT_MAX;
}

/* Whether the shell has ended. It is not reaped here: as long as it is a
 * zombie, nobody else can get its number, and its group can be killed. */
static int has_ended(const struct job *job)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	waitid(P_PID, (id_t)job->shell, &info, WEXITED | WNOHANG | WNOWAIT);
	return info.si_pid == job->shell;
}

/* Waits a slice of time for output, and takes it. 1 when some came. */
static int listen_a_while(struct job *job)
{
	struct pollfd source = { job->fd, POLLIN, 0 };
	int heard = job->fd >= 0;
	int count = poll(&source, (nfds_t)heard, heard ? SLICE : SLICE_SILENT);

	if (count <= 0)
		return 0;
	return take(job) < 0 ? -1 : 1;
}

/* Until the shell has ended, or the time, or the output, or our memory. */
static int watch(struct job *job)
{
	int got;

	do {
		got = listen_a_while(job);
		if (got < 0)
			return -1;
		if (out_of_bounds(job))
			return 0;
	} while (got || !has_ended(job));
	return 0;
}

/* What still is in the pipe once all writers are dead. A process that left the
 * group may hold it open: hence the bounds. */
static int drain(struct job *job)
{
	int got = 1;

	while (job->fd >= 0 && got > 0 && job->result->length < OUTPUT_MAX)
		got = listen_a_while(job);
	return got < 0 ? -1 : 0;
}

/* Ends the group. The shell is reaped last, with the status it ends with:
 * SIGKILL's when it was still running. */
static void finish(struct job *job)
{
	kill(-job->shell, SIGKILL);
	while (waitpid(job->shell, &job->result->status, 0) < 0 &&
	       errno == EINTR)
		;
}

/* From the first read to the last; -1 when the output could not be kept. */
static int collect(struct job *job)
{
	int lost = grow(job) < 0 || watch(job) < 0;

	finish(job);
	if (!lost)
		lost = drain(job) < 0;
	if (job->fd >= 0)
		close(job->fd);
	if (lost) {
		free(job->result->out);
		job->result->out = NULL;
		errno = ENOMEM;
		return -1;
	}
	job->result->out[job->result->length] = '\0';
	return 0;
}

static int run_text(struct run *result, int seconds, const char *command)
{
	struct job job = { 0, -1, now() + 1000LL * seconds, result, 0 };

	memset(result, 0, sizeof(*result));
	if (start(&job, command) < 0)
		return -1;
	return collect(&job);
}

int run_command(struct run *result, int seconds, const char *format, ...)
{
	va_list arguments;
	char *command;
	int status;

	va_start(arguments, format);
	command = formatted(format, arguments);
	va_end(arguments);
	if (!command) {
		errno = ENOMEM;
		return -1;
	}
	status = run_text(result, seconds, command);
	free(command);
	return status;
}

static void report(const char *command, const struct run *result)
{
	fprintf(stderr, "command: %s\n%s", command, result->out);
	if (WIFSIGNALED(result->status))
		fprintf(stderr, "ended by signal %d\n",
			WTERMSIG(result->status));
	else
		fprintf(stderr, "exit status %d\n",
			WEXITSTATUS(result->status));
}

static int text_ok(const char *command)
{
	struct run result;
	int good;

	if (run_text(&result, OK_SECONDS, command) < 0) {
		fprintf(stderr, "command: %s\nnot run: %s\n", command,
			strerror(errno));
		return 0;
	}
	good = WIFEXITED(result.status) && WEXITSTATUS(result.status) == 0;
	if (!good)
		report(command, &result);
	free(result.out);
	return good;
}

int run_ok(const char *format, ...)
{
	va_list arguments;
	char *command;
	int good;

	va_start(arguments, format);
	command = formatted(format, arguments);
	va_end(arguments);
	if (!command)
		return 0;
	good = text_ok(command);
	free(command);
	return good;
}
