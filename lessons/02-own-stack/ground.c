/* Who makes a stack, and who makes it grow: main's, a thread's, a coroutine's.
 * Each goes 512 kB deep, in a child process: one of them does not survive. */
#include "hand.h"

#include <pthread.h>
#include <sys/wait.h>

enum { CALLS = 128 }; /* of 4 kB each: 512 kB */

NOINLINE static void go_deep(int calls)
{
	volatile char room[4 * KB];

	for (size_t i = 0; i < sizeof room; i++)
		room[i] = 0;
	if (calls > 1)
		go_deep(calls - 1);
	room[0] = room[1]; /* still in use: the calls below had their own */
}

//! [mapped]
/* Is anything mapped 500 kB below where we stand? mincore knows. */
NOINLINE static int mapped_below(void)
{
	unsigned char unused; /* has it memory behind it? not asked here */
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t here = (uintptr_t)&unused - 500 * KB;

	return mincore((void *)(here / page * page), 1, &unused) == 0;
}
//! [mapped]

static void compare(void)
{
	int before = mapped_below();

	go_deep(CALLS);
	printf("mapped 500 kB below: %s; after going there: %s\n",
	       before ? "yes" : "no", mapped_below() ? "yes" : "no");
	fflush(stdout);
}

static void *thread(void *ud)
{
	compare();
	return ud;
}

static void in_thread(void)
{
	pthread_attr_t attr;
	pthread_t id;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1024 * KB);
	if (pthread_create(&id, &attr, thread, NULL) == 0)
		pthread_join(id, NULL);
}

static void body(struct hand *self)
{
	(void)self;
	printf("64 kB and a guard, no more; ");
	fflush(stdout);
	go_deep(CALLS);
	puts("went there");
}

static void in_coroutine(void)
{
	static struct hand one;

	hand_make(&one, "one", body, 64 * KB);
	hand_resume(&one);
}

static void in_child(const char *who, void (*run)(void))
{
	int status;

	printf("%-10s ", who);
	fflush(stdout);
	if (fork() == 0) {
		run();
		exit(0);
	}
	wait(&status);
	if (WIFSIGNALED(status))
		puts("killed when it went there");
}

int main(void)
{
	in_child("main:", compare);
	in_child("thread:", in_thread);
	in_child("coroutine:", in_coroutine);
	return 0;
}
