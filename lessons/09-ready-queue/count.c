/* The same coroutines under the dispatcher of lesson 8 and under this one. */
#include <stdio.h>

#include "../07-cond/cond.h"
#include "../08-naive-dispatcher/naive.h"
#include "dispatcher.h"

enum { MOST = 10000, LETTERS = 10 };

static struct box {
	struct cond filled;
	int letters;
} boxes[MOST];
static struct cond emptied;
static int readers, read_letters, closed;
static long resumes, went_on;

//! [bodies]
/* Every start, and every wait that is over, is a coroutine that went on. */
static int wait_on(struct cond *c)
{
	int result = cond_wait(c);

	went_on++;
	return result;
}

static void reader(struct box *box)
{
	went_on++;
	for (;;) {
		while (box->letters == 0 && !closed)
			if (wait_on(&box->filled) == -1)
				return;
		if (box->letters == 0)
			return;
		box->letters--;
		read_letters++;
		cond_signal(&emptied);
	}
}

static void postman(void)
{
	went_on++;
	for (int sent = 1; sent <= LETTERS; sent++) {
		struct box *box = &boxes[sent * (readers / LETTERS) - 1];

		box->letters++;
		cond_signal(&box->filled);
		while (read_letters < sent)
			if (wait_on(&emptied) == -1)
				return;
	}
	closed = 1;
	for (int i = 0; i < readers; i++)
		cond_signal(&boxes[i].filled);
}
//! [bodies]

//! [trace]
static void count(void *ud, struct schedule *S, int id, int from, int to)
{
	(void)ud;
	(void)S;
	(void)id;
	(void)from;
	resumes += to == COROUTINE_RUNNING;
}
//! [trace]

static void set_up(struct schedule *S, struct parking *P, int how_many)
{
	readers = how_many;
	read_letters = closed = 0;
	resumes = went_on = 0;
	coroutine_trace(S, count, NULL);
	cond_init(&emptied, P, "an emptied box");
	for (int i = 0; i < readers; i++)
		cond_init(&boxes[i].filled, P, "a letter");
}

static void print_counts(void)
{
	printf(" %8ld %8ld", resumes, resumes - went_on);
}

/* ---- The naive dispatcher of lesson 8. ------------------------------------ */

static void naive_reader(struct schedule *S, void *ud)
{
	(void)S;
	reader(ud);
}

static void naive_postman(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	postman();
}

//! [naive]
static int run_naive(int how_many)
{
	struct schedule *S = coroutine_open();
	struct naive *N = naive_open(S);
	int status;

	set_up(S, naive_parking(N), how_many);
	for (int i = 0; i < how_many; i++)
		naive_spawn(N, naive_reader, &boxes[i]);
	naive_spawn(N, naive_postman, NULL);
	status = naive_run(N);
	print_counts();
	coroutine_close(S);
	naive_close(N);
	return status;
}
//! [naive]

/* ---- The dispatcher of this lesson. --------------------------------------- */

static void *queue_reader(struct dispatcher *D, void *ud)
{
	(void)D;
	reader(ud);
	return NULL;
}

static void *queue_postman(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	postman();
	return NULL;
}

//! [queue]
static int run_queue(int how_many)
{
	struct dispatcher *D = dispatcher_open(NULL);
	int status;

	set_up(dispatcher_schedule(D), dispatcher_parking(D), how_many);
	for (int i = 0; i < how_many; i++)
		dispatcher_spawn(D, "reader", queue_reader, &boxes[i]);
	dispatcher_spawn(D, "postman", queue_postman, NULL);
	status = dispatcher_run(D);
	print_counts();
	dispatcher_close(D);
	return status;
}
//! [queue]

int main(void)
{
	int failed = 0;

	printf("          lesson 8          ready queue\n");
	printf("waiters   resumes  in vain  resumes  in vain\n");
	for (int n = 10; n <= MOST; n *= 10) {
		printf("%7d ", n);
		failed |= run_naive(n);
		failed |= run_queue(n);
		printf("\n");
	}
	return failed != 0;
}
