/* How much of a private stack exists: nothing, then what was used, and what
 * nobody needs any more is given back with madvise. */
#include "hand.h"

enum { SIZE = 1024 * KB, UNIT = 64 * KB };

static struct hand one;
static uintptr_t low; /* where the coroutine stood when it yielded */
static int errors;

//! [resident]
/* The bytes of the stack that have memory behind them. */
static size_t resident(const struct stack *s)
{
	static unsigned char vec[SIZE / (4 * KB)]; /* no page is smaller */
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = 0;

	mincore(s->base, s->size, vec);
	for (size_t i = 0; i < s->size / page; i++)
		bytes += vec[i] & 1 ? page : 0;
	return bytes;
}
//! [resident]

static void show(const char *when)
{
	size_t units = (resident(&one.stack) + UNIT - 1) / UNIT;

	printf("%-34s [", when);
	for (size_t i = 0; i < SIZE / UNIT; i++)
		putchar(i < units ? '#' : '.');
	puts("]");
}

//! [give_back]
/* All whole pages below where the suspended coroutine stands. */
static void give_back(const struct stack *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t unused = (size_t)(low - (uintptr_t)s->base);

	if (unused > page) /* one page stays: the switch stands below `low` */
		madvise(s->base, unused / page * page - page, MADV_DONTNEED);
}
//! [give_back]

NOINLINE static void pause_here(struct hand *self)
{
	char mark;

	low = (uintptr_t)&mark;
	hand_yield(self);
}

NOINLINE static void deep(struct hand *self, int calls)
{
	volatile char room[4 * KB];

	for (size_t i = 0; i < sizeof room; i++)
		room[i] = (char)calls;
	if (calls > 1)
		deep(self, calls - 1);
	else
		pause_here(self);
	for (size_t i = 0; i < sizeof room; i++)
		errors += room[i] != (char)calls;
}

static void body(struct hand *self)
{
	pause_here(self);
	deep(self, 100);
	pause_here(self);
}

int main(void)
{
	one.func = body;
	if (stack_make(&one.stack, SIZE, 64 * KB) == -1)
		return 1;
	show("mapped only");
	hand_start(&one);
	show("made");
	hand_resume(&one);
	show("suspended, shallow");
	hand_resume(&one);
	show("suspended, 100 calls deep");
	give_back(&one.stack);
	show("the same, unused pages given back");
	hand_resume(&one);
	show("suspended, shallow again");
	give_back(&one.stack);
	show("the same, unused pages given back");
	hand_resume(&one);
	printf("ended: %d, bytes of the frames that changed: %d\n", one.ended,
	       errors);
	stack_free(&one.stack);
	return 0;
}
