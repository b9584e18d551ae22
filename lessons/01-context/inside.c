/* What is in a context: save one, change everything, and go back to it. */
#define _XOPEN_SOURCE 600
#include <errno.h>
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

static _Thread_local volatile int thread_local_variable;
static volatile int global;

static void row(const char *what, int came_back)
{
	printf("%-26s%s\n", what, came_back ? "came back" : "stayed changed");
}

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(how, &set, NULL);
}

static int blocked(void)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGUSR1);
}

//! [change]
static void change(volatile int *local)
{
	fesetround(FE_UPWARD);
	mask(SIG_BLOCK);
	*local = 1;
	global = 1;
	thread_local_variable = 1;
	errno = ERANGE;
}
//! [change]

int main(void)
{
	//! [back]
	ucontext_t before;
	volatile int local = 0, changed = 0, now;

	errno = 0;
	getcontext(&before);
	now = errno; /* before a printf touches it */
	if (!changed) {
		changed = 1;
		change(&local);
		setcontext(&before);
	}
	//! [back]
	row("the place in the code", changed);
	row("the rounding mode", fegetround() == FE_TONEAREST);
	row("the signal mask", !blocked());
	row("a local, on the stack", local == 0);
	row("a global", global == 0);
	row("a thread-local", thread_local_variable == 0);
	row("errno", now == 0);
	return 0;
}
