/*
 * What copying costs: four coroutines with more and more live bytes on their
 * stacks, on 1, 2 and 4 stacks. The library is compiled into this file with its
 * memcpy counted. `./cost time` prints measured times as well, as ratios.
 */
#define _DEFAULT_SOURCE 1
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

//! [count]
static long long copies, bytes;

static void *counted_copy(void *to, const void *from, size_t size)
{
	copies++;
	bytes += (long long)size;
	return memcpy(to, from, size);
}

#undef memcpy
#define memcpy counted_copy
#include "../../coroutine.c"
#undef memcpy
//! [count]

enum { COROUTINES = 4, DEPTHS = 4, ROUNDS = 1000 };

static const int depths[DEPTHS] = { 16, 1024 + 16, 8192 + 16, 65536 + 16 };
static const int stacks[] = { 1, 2, 4 };

/* Keeps *ud bytes alive on the stack while it is suspended. */
static void deep(struct schedule *S, void *ud)
{
	volatile char live[*(const int *)ud];

	live[0] = 1;
	while (live[0])
		coroutine_yield(S);
}

struct cost {
	long long copies, bytes; /* for one round trip */
	double time;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(struct schedule *S, int active, int rounds)
{
	int round, id;

	for (round = 0; round < rounds; round++)
		for (id = 0; id < active; id++)
			coroutine_resume(S, id);
}

/* All four are suspended; `active` of them take turns. */
static struct cost measure(int stack_count, int depth, int active)
{
	struct coroutine_options options = { COROUTINES, 0, 0 };
	struct schedule *S;
	struct cost cost;
	int i;

	options.stacks = stack_count;
	S = coroutine_open_with(&options);
	if (!S)
		abort();
	for (i = 0; i < COROUTINES; i++)
		coroutine_new(S, deep, &depth);
	run(S, COROUTINES, 1);
	run(S, active, 1);
	copies = bytes = 0;
	cost.time = now();
	run(S, active, ROUNDS);
	cost.time = now() - cost.time;
	cost.copies = copies / (ROUNDS * active);
	cost.bytes = bytes / (ROUNDS * active);
	coroutine_close(S);
	return cost;
}

static void print_copies(void)
{
	int active, i;

	printf("copies per round trip    1 stack  2 stacks  4 stacks\n");
	for (active = 1; active <= COROUTINES; active *= 2) {
		printf("%9d of 4 active ", active);
		for (i = 0; i < 3; i++)
			printf("%10lld",
			       measure(stacks[i], depths[0], active).copies);
		printf("\n");
	}
}

/* Less those of the shallow one: what the library's own frames take differs
 * from compiler to compiler. */
static void print_bytes(void)
{
	int d, i;

	printf("more bytes per round trip, 4 of 4 active\n");
	for (d = 1; d < DEPTHS; d++) {
		printf("%9d more live   ", depths[d] - depths[0]);
		for (i = 0; i < 3; i++)
			printf("%10lld",
			       measure(stacks[i], depths[d], 4).bytes -
				       measure(stacks[i], depths[0], 4).bytes);
		printf("\n");
	}
}

/* The best of 15, so that other work on the machine counts little. */
static double best_time(int stack_count, int depth)
{
	double best = 1e9, time;
	int i;

	for (i = 0; i < 15; i++) {
		time = measure(stack_count, depth, 4).time;
		if (time < best)
			best = time;
	}
	return best;
}

static void print_times(void)
{
	double shallow = best_time(4, depths[0]);
	int d, i;

	printf("time, as a multiple of shallow frames on 4 stacks\n");
	for (d = 0; d < DEPTHS; d++) {
		printf("%9d live        ", depths[d]);
		for (i = 0; i < 3; i++)
			printf("%10.1f",
			       best_time(stacks[i], depths[d]) / shallow);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	print_copies();
	print_bytes();
	if (argc > 1 && strcmp(argv[1], "time") == 0)
		print_times();
	return 0;
}
