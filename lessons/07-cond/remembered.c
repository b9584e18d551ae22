/* A post that finds nobody is counted; one that finds somebody is handed over. */
#include "semaphore.h"

#include <stdio.h>

static struct semaphore loaf;

static void customer(struct schedule *S, void *ud)
{
	const char *name = ud;

	(void)S;
	if (semaphore_wait(&loaf) == 0)
		printf("  %s has a loaf\n", name);
}

/* Gives it a turn, and tells what has become of it. */
static int turn(struct schedule *S, int id, const char *name)
{
	int now = coroutine_resume(S, id);

	printf("%s: %s, units: %d\n", name, coroutine_status_name(now),
	       loaf.units);
	return id;
}

static void show(struct schedule *S)
{
	static char ann[] = "Ann", bob[] = "Bob", eve[] = "Eve";
	int waits;

	semaphore_post(&loaf); /* before anybody has come */
	turn(S, coroutine_new(S, customer, ann), ann);
	waits = turn(S, coroutine_new(S, customer, bob), bob);
	printf("one post, and Eve comes before Bob has his turn\n");
	semaphore_post(&loaf);
	turn(S, coroutine_new(S, customer, eve), eve);
	turn(S, waits, bob);
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || semaphore_init(&loaf, P, "a loaf", 0) == -1)
		return 1;
	show(S);
	coroutine_close(S);
	parking_close(P);
	return 0;
}
