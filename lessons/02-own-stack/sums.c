/* Two coroutines run one function; each has the locals to itself. */
#include "hand.h"

static uintptr_t sum_of[2];

NOINLINE static void scribble(void)
{
	volatile char room[16 * KB];

	for (size_t i = 0; i < sizeof room; i++)
		room[i] = 'x';
}

//! [add]
static void add(struct hand *self)
{
	int sum = 0; /* a local, kept over every yield */
	int step = *self->name == 'A' ? 1 : 10;

	sum_of[*self->name - 'A'] = (uintptr_t)&sum;
	for (int turn = 1; turn <= 3; turn++) {
		sum += turn * step;
		printf("%s: sum is %d\n", self->name, sum);
		hand_yield(self);
	}
}
//! [add]

static const char *ground(const struct hand *a, const struct hand *b,
			  uintptr_t where)
{
	if (on_stack(&a->stack, where))
		return "A's stack";
	if (on_stack(&b->stack, where))
		return "B's stack";
	return on_main_stack(where) ? "main's stack" : "no stack we know";
}

int main(void)
{
	static struct hand a, b;
	int local = 0;

	hand_make(&a, "A", add, 64 * KB);
	hand_make(&b, "B", add, 64 * KB);
	//! [turns]
	while (!a.ended || !b.ended) {
		if (!a.ended)
			hand_resume(&a);
		scribble(); /* 16 kB, on the stack of main */
		if (!b.ended)
			hand_resume(&b);
	}
	//! [turns]
	printf("A's sum lies on %s\n", ground(&a, &b, sum_of[0]));
	printf("B's sum lies on %s\n", ground(&a, &b, sum_of[1]));
	printf("main's local lies on %s\n", ground(&a, &b, (uintptr_t)&local));
	stack_free(&a.stack);
	stack_free(&b.stack);
	return 0;
}
