/* Runs a command of the shell and hands back its status and its output. */
#ifndef RUN_H
#define RUN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define RUN_FORMAT(at, first) __attribute__((format(printf, at, first)))
#else
#define RUN_FORMAT(at, first)
#endif

struct run {
	int status;    /* as from waitpid() */
	char *out;     /* stdout and stderr as they came, NUL-terminated;
	                  owned: free() it */
	size_t length; /* bytes in out, without the NUL */
};

/* Runs `sh -c` with the formatted command: in a process group of its own, with
 * stdin from /dev/null and without core dumps. Returns when the shell has
 * ended; what it left running is killed then. Past `seconds`, or past 16 MB of
 * output, everything is killed and the status is that of SIGKILL. Returns 0;
 * -1 with errno when the command cannot be started or its output not kept, and
 * then there is nothing to free. */
int run_command(struct run *result, int seconds, const char *format, ...)
	RUN_FORMAT(3, 4);

/* The same with 300 s. Returns 1 when the command exits with 0; otherwise
 * prints the command, how it ended and its output to stderr, and returns 0. */
int run_ok(const char *format, ...) RUN_FORMAT(1, 2);

#ifdef __cplusplus
}
#endif

#endif
