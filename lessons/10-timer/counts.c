/* One minute of many timers: what the heap and the wheel do for it. */
#include <stdio.h>
#include <stdlib.h>

#include "heap.h"
#include "wheel.h"

enum { MINUTE = 60000 };

struct timers {
	struct heap heap;
	struct wheel wheel;
	struct heap_node *in_heap;
	struct wheel_node *in_wheel;
	int count;
};

/* A millisecond of the minute, at random, but the same ones on every run. */
static int moment(void)
{
	static unsigned long long seed = 1;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return 1 + (int)((seed >> 33) % (MINUTE - 1));
}

static void set_all(struct timers *t)
{
	for (int i = 0; i < t->count; i++) {
		int when = moment();

		heap_add(&t->heap, &t->in_heap[i], when);
		wheel_add(&t->wheel, &t->in_wheel[i], when);
	}
}

/* What they were to guard has come in time. */
static void take_all_back(struct timers *t)
{
	for (int i = 0; i < t->count; i++) {
		heap_remove(&t->heap, &t->in_heap[i]);
		wheel_remove(&t->wheel, &t->in_wheel[i]);
	}
}

static void let_the_minute_pass(struct timers *t)
{
	while (t->heap.count > 0)
		heap_remove(&t->heap, heap_first(&t->heap));
	while (wheel_turn(&t->wheel, MINUTE) != NULL)
		;
}

static void measure(struct timers *t, int ring)
{
	if (heap_init(&t->heap, (size_t)t->count) == -1 ||
	    wheel_init(&t->wheel, 0) == -1)
		exit(1);
	set_all(t);
	if (!ring)
		take_all_back(t);
	let_the_minute_pass(t);
	printf("%6d  %-10s  %10llu  %6llu\n", t->count,
	       ring ? "ring" : "taken back", t->heap.steps, t->wheel.steps);
	heap_free(&t->heap);
	wheel_free(&t->wheel);
}

int main(void)
{
	static const int counts[] = { 10, 1000, 100000 };
	struct timers t;

	printf("timers              steps: heap   wheel\n");
	for (int i = 0; i < 3; i++) {
		t.count = counts[i];
		t.in_heap = calloc((size_t)t.count, sizeof *t.in_heap);
		t.in_wheel = calloc((size_t)t.count, sizeof *t.in_wheel);
		if (t.in_heap == NULL || t.in_wheel == NULL)
			return 1;
		measure(&t, 0);
		measure(&t, 1);
		free(t.in_heap);
		free(t.in_wheel);
	}
	return 0;
}
