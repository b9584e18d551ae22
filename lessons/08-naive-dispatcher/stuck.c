/* Everyone waits and nobody is left to signal: how does the loop find out? */
#include "../07-cond/cond.h"
#include "naive.h"

#include <errno.h>
#include <stdio.h>

static struct cond bell, door;

//! [three]
static void sleeper(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	if (cond_wait(&bell) == 0)
		cond_signal(&door);
	printf("  the sleeper opens the door\n");
}

static void guest(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	if (cond_wait(&door) == 0)
		printf("  the guest comes in\n");
}

static void worker(struct schedule *S, void *ud)
{
	(void)ud;
	for (int i = 0; i < 3; i++)
		coroutine_yield(S);
	printf("  the worker is done\n");
}
//! [three]

static void run(struct naive *N)
{
	int result = naive_run(N);
	struct naive_counts counts = naive_counts(N);

	printf("naive_run returns %d%s after %ld rounds: %ld useful resumes, "
	       "%ld wasted\n",
	       result, result == -1 && errno == EDEADLK ? " EDEADLK" : "",
	       counts.rounds, counts.useful, counts.wasted);
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct naive *N = naive_open(S);

	if (N == NULL)
		return 1;
	cond_init(&bell, naive_parking(N), "the bell");
	cond_init(&door, naive_parking(N), "the door");
	//! [main]
	naive_spawn(N, sleeper, NULL);
	naive_spawn(N, guest, NULL);
	naive_spawn(N, worker, NULL);
	run(N);
	printf("main rings the bell\n");
	cond_signal(&bell);
	run(N);
	//! [main]
	coroutine_close(S);
	naive_close(N);
	return 0;
}
