/*
 * The exercise harness: what an exercise's test.c is written against.
 *
 * Every check runs in a child process of its own that may crash, hang, print
 * for ever or end the program: each of these becomes one named failure. The
 * child has 2 s, 64 kB of output and 3 GB of memory; stdin is empty.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>

#ifdef __GNUC__
#define CHECK_FORMAT __attribute__((format(printf, 1, 2)))
#else
#define CHECK_FORMAT
#endif

struct check {
	const char *name;  /* a sentence: "each coroutine counts for itself" */
	void (*run)(void); /* returns when all is well */
	const char *hint;  /* one line that helps whoever fails here */
};

/*
 * Runs the checks in order and shows the first failure. With the environment
 * CMOCKA_MESSAGE_OUTPUT set (TAP, XML, ...) the output is CMocka's own.
 * Returns 0 when all passed, 1 otherwise: the value for main to return.
 */
int check_exercise(const char *exercise, const struct check *tests,
		   size_t count);

/*
 * For use inside run(), in a coroutine too. Each returns when it holds and
 * ends the test as failed when it does not. `what` is words: "turns of A".
 */
void check_int(const char *what, long long got, long long wanted);
void check_str(const char *what, const char *got, const char *wanted);
void check_true(const char *what, int holds);
_Noreturn void check_fail(const char *format, ...) CHECK_FORMAT;

/*
 * Runs run(arg) and returns what it wrote to stdout meanwhile: a static
 * buffer, overwritten by the next call.
 */
const char *check_output(void (*run)(void *arg), void *arg);

#endif
