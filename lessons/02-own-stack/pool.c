/* A thousand coroutines live one after another: what do their stacks cost? */
#include "hand.h"

#include <sys/resource.h>

enum { LIVES = 1000, SIZE = 64 * KB, GUARD = 64 * KB };

static struct {
	long mmap, mprotect, madvise, munmap;
} calls;

static void body(struct hand *self)
{
	(void)self;
}

static void live(struct hand *one)
{
	hand_start(one);
	hand_resume(one);
}

static void make(struct hand *one)
{
	one->func = body;
	calls.mmap++;
	calls.mprotect++;
	if (stack_make(&one->stack, SIZE, GUARD) == -1) {
		perror("stack_make");
		exit(1);
	}
}

static void drop(struct hand *one)
{
	calls.munmap++;
	stack_free(&one->stack);
}

//! [ways]
static void new_each_time(struct hand *one)
{
	for (int i = 0; i < LIVES; i++) {
		make(one);
		live(one);
		drop(one);
	}
}

static void pool(struct hand *one)
{
	make(one);
	for (int i = 0; i < LIVES; i++)
		live(one);
	drop(one);
}

static void pool_giving_back(struct hand *one)
{
	make(one);
	for (int i = 0; i < LIVES; i++) {
		live(one);
		calls.madvise++;
		madvise(one->stack.base, one->stack.size, MADV_DONTNEED);
	}
	drop(one);
}
//! [ways]

/* Page faults served without a disk, counted by the kernel. */
static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static void count(const char *name, void (*way)(struct hand *))
{
	static struct hand one;
	long before;

	calls.mmap = calls.mprotect = calls.madvise = calls.munmap = 0;
	before = faults();
	way(&one);
	/* Rounded to whole ones a life: the rest is the program's own. */
	printf("%-18s %6ld %8ld %8ld %7ld %12ld\n", name, calls.mmap,
	       calls.mprotect, calls.madvise, calls.munmap,
	       (faults() - before + LIVES / 2) / LIVES);
	fflush(stdout);
}

int main(void)
{
	printf("%d lives           mmap mprotect  madvise  munmap "
	       "faults/life\n",
	       LIVES);
	count("a new stack each", new_each_time);
	count("a pool", pool);
	count("a pool, giving back", pool_giving_back);
	return 0;
}
