/* A signal that finds nobody is lost; a post is counted, and handed over. */
#include "semaphore.h"

#include <stdio.h>

static struct cond bell;
static struct semaphore loaf;

static void by_cond(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	if (cond_wait(&bell) == 0)
		printf("  woken by the bell\n");
}

//! [one]
static void by_semaphore(struct schedule *S, void *ud)
{
	const char *name = ud;

	(void)S;
	if (semaphore_wait(&loaf) == 0)
		printf("  %s has a loaf\n", name);
}
//! [one]

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
	static char ann[] = "Ann", bob[] = "Bob", eve[] = "Eve", zoe[] = "Zoe";
	int waits;

	//! [show]
	printf("a signal wakes %d\n", cond_signal(&bell));
	turn(S, coroutine_new(S, by_cond, NULL), "who comes later");

	printf("two posts\n");
	semaphore_post(&loaf);
	semaphore_post(&loaf);
	turn(S, coroutine_new(S, by_semaphore, ann), ann);
	turn(S, coroutine_new(S, by_semaphore, bob), bob);
	waits = turn(S, coroutine_new(S, by_semaphore, eve), eve);

	printf("one post, and Zoe comes before Eve has her turn\n");
	semaphore_post(&loaf);
	turn(S, coroutine_new(S, by_semaphore, zoe), zoe);
	turn(S, waits, eve);
	//! [show]
}

int main(void)
{
	struct schedule *S = coroutine_open();
	struct parking *P = parking_open(S);

	if (P == NULL || cond_init(&bell, P, "the bell") == -1 ||
	    semaphore_init(&loaf, P, "a loaf", 0) == -1)
		return 1;
	show(S);
	coroutine_close(S);
	parking_close(P);
	return 0;
}
