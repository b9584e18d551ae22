/* Is a context a thread? One context, carried on by two threads. */
#define _XOPEN_SOURCE 600
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, there;
static char stack[65536];
static pthread_t main_thread;

static int on_main_thread(void)
{
	return pthread_equal(pthread_self(), main_thread) != 0;
}

static int *errno_address(void)
{
	return &errno;
}

//! [fresh]
/* Called through volatile pointers: a compiler that sees into these functions
 * keeps their first answer, for it believes that a thread cannot change. */
static int (*volatile fresh_on_main)(void) = on_main_thread;
#ifdef DIRECT /* wrong on purpose */
#define fresh_errno errno_address
#else
static int *(*volatile fresh_errno)(void) = errno_address;
#endif
//! [fresh]

static void report(const char *what, int yes)
{
	printf("%s %s\n", what, yes ? "yes" : "no");
}

//! [guest]
static void guest(void)
{
	int *kept = fresh_errno();

	report("guest: am I on main's thread?", fresh_on_main());
	swapcontext(&there, &home);
	report("guest: am I on main's thread?", fresh_on_main());
	report("guest: is errno where it was?", kept == fresh_errno());
}
//! [guest]

static void *carry_on(void *unused)
{
	(void)unused;
	swapcontext(&home, &there);
	return NULL;
}

int main(void)
{
	pthread_t other;

	main_thread = pthread_self();
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &home;
	makecontext(&there, guest, 0);

	printf("main switches to the guest\n");
	swapcontext(&home, &there);
	printf("a second thread switches to the guest\n");
	if (pthread_create(&other, NULL, carry_on, NULL) != 0)
		return 1;
	pthread_join(other, NULL);
	return 0;
}
