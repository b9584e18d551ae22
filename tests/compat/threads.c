/* A program as users of cloudwu/coroutine write them: seven functions, no result
 * looked at but the status and the ids, and a struct of arguments on main's
 * stack. It must compile as C and as C++, and run, unchanged. */
#include "coroutine.h"

#include <stdio.h>

struct job {
	const char *name;
	int rounds;
	int child;
};

static void shout(struct schedule *S, void *ud)
{
	struct job *job = (struct job *)ud;
	int round;

	for (round = 1; round <= job->rounds; round++) {
		printf("%s %d of %d in %d\n", job->name, round, job->rounds,
		       coroutine_running(S));
		coroutine_yield(S);
	}
	printf("%s done\n", job->name);
}

static void nothing(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

/* Makes another one while it runs; it begins later, resumed by main. */
static void make_another(struct schedule *S, void *ud)
{
	struct job *job = (struct job *)ud;
	int unused = coroutine_new(S, nothing, NULL);

	coroutine_yield(S);
	job->child = coroutine_new(S, shout, job);
	coroutine_resume(S, unused);
	coroutine_yield(S);
}

static void run_all(struct schedule *S, const int *ids, int count)
{
	int alive, i;

	do {
		alive = 0;
		for (i = 0; i < count; i++) {
			if (!coroutine_status(S, ids[i]))
				continue;
			coroutine_resume(S, ids[i]);
			alive = 1;
		}
	} while (alive);
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct job red = { "red", 2, 0 }, blue = { "blue", 3, 0 };
	struct job green = { "green", 1, -1 };
	int ids[3];

	ids[0] = coroutine_new(S, shout, &red);
	ids[1] = coroutine_new(S, shout, &blue);
	ids[2] = coroutine_new(S, make_another, &green);
	printf("begin %d %d\n", coroutine_running(S),
	       coroutine_status(S, ids[0]) == COROUTINE_READY);
	run_all(S, ids, 3);
	run_all(S, &green.child, 1);
	printf("end %d\n", coroutine_running(S));
	coroutine_close(S);
	return 0;
}
