/* A million coroutines, all suspended at once, on one stack. */
#include <stdio.h>
#include <sys/resource.h>

#include "coroutine.h"

enum { MILLION = 1000000, LIMIT = 1536 };

static long long sum;

//! [number]
/* Each remembers its number in a local while a million others run. */
static void number(struct schedule *S, void *ud)
{
	int *next = ud, mine = (*next)++;

	coroutine_yield(S);
	sum += mine;
}
//! [number]

/* The most memory this process ever had, in bytes. */
static double peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
	return (double)usage.ru_maxrss;
#else
	return (double)usage.ru_maxrss * 1024;
#endif
}

static int resume_all(struct schedule *S, int status)
{
	int id, as_wanted = 0;

	for (id = 0; id < MILLION; id++)
		as_wanted += coroutine_resume(S, id) == status;
	return as_wanted;
}

int main(void)
{
	struct coroutine_options options = { MILLION, 0, 1 };
	struct schedule *S = coroutine_open_with(&options);
	double before = peak(), each;
	int i, next = 0;

	if (!S) {
		perror("coroutine_open_with");
		return 1;
	}
	for (i = 0; i < MILLION; i++)
		coroutine_new(S, number, &next);
	printf("%d suspended\n", resume_all(S, COROUTINE_SUSPEND));
	each = (peak() - before) / MILLION;
	printf("each %s %d bytes\n", each < LIMIT ? "under" : "over", LIMIT);
	printf("%d ended\n", resume_all(S, COROUTINE_DEAD));
	printf("their numbers add up to %lld\n", sum);
	coroutine_close(S);
	return 0;
}
