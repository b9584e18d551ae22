/*
 * Many coroutines on one stack, by hand: while a coroutine is suspended, its
 * frames lie on the heap. Right on every machine whose stack grows down.
 *
 * Only main resumes, so whoever copies stands on main's stack, never on the
 * one that is copied. Build with -DPOISON to see that nothing is forgotten.
 */
#define _XOPEN_SOURCE 600
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#ifdef __GNUC__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

//! [types]
/* A switch writes a little below the depth a coroutine notes: at most 96 bytes
 * were measured. The spare room costs next to nothing. */
enum { STACK = 256 * 1024, BELOW = 1024 };

enum state { DEAD, READY, RUNNING, SUSPEND };

struct coroutine {
	void (*func)(void *ud);
	void *ud;
	enum state state;
	uintptr_t low;      /* how deep it was when it left the stack */
	char *image;        /* its frames, while it is suspended */
	size_t size;        /* bytes in the image */
	size_t room;        /* bytes the image has room for */
	ucontext_t context; /* never moved: it may point into itself */
};

static _Alignas(64) char stack[STACK]; /* the one stack */
static ucontext_t home;                /* main, where it called resume */
static struct coroutine *running;
//! [types]

static int copies_out, copies_in;

//! [copy]
/* Called by main, after the switch: all that the switch itself wrote into the
 * frames is there by now. */
static void save(struct coroutine *co)
{
	size_t depth = (uintptr_t)stack + STACK - co->low + BELOW;

	co->size = depth < STACK ? depth : STACK;
	if (co->size > co->room) {
		co->image = realloc(co->image, co->size);
		co->room = co->size;
	}
	if (!co->image) {
		perror("shared");
		exit(1);
	}
	memcpy(co->image, stack + STACK - co->size, co->size);
	copies_out++;
}

/* To the same addresses: frames are full of pointers to each other. */
static void restore(const struct coroutine *co)
{
	memcpy(stack + STACK - co->size, co->image, co->size);
	copies_in++;
}
//! [copy]

/* Makes every byte that nobody put back a wrong one. */
static void poison(void)
{
#ifdef POISON
	memset(stack, 0xA5, STACK);
#endif
}

//! [leave]
/* A frame of its own, below all of the frame of whoever calls this. */
NOINLINE static void note_depth(uintptr_t *low)
{
	char here;

	*low = (uintptr_t)&here;
}

static void yield(void)
{
	struct coroutine *co = running;

	note_depth(&co->low);
	co->state = SUSPEND;
	swapcontext(&co->context, &home);
}

/* The first function on the stack. It leaves for good and never returns. */
static void entry(void)
{
	running->func(running->ud);
	running->state = DEAD;
	setcontext(&home);
}
//! [leave]

//! [resume]
/* Not earlier than right before the switch: often makecontext writes something
 * to the top of the stack, and until now the stack was somebody else's. */
static void start(struct coroutine *co)
{
	getcontext(&co->context);
	co->context.uc_stack.ss_sp = stack;
	co->context.uc_stack.ss_size = STACK;
	co->context.uc_link = &home;
	makecontext(&co->context, entry, 0);
}

static enum state resume(struct coroutine *co)
{
	if (co->state == DEAD)
		return DEAD;
	poison();
	if (co->state == READY)
		start(co);
	else
		restore(co);
	running = co;
	co->state = RUNNING;
	swapcontext(&home, &co->context);
	running = NULL;
	if (co->state == SUSPEND)
		save(co);
	return co->state;
}
//! [resume]

/* ---- Two who live on it ------------------------------------------------- */

struct climber {
	const char *name;
	int top;
};

//! [climb]
/* Yields on every level, deeper and deeper, and looks on the way back whether
 * the locals of that level are still what they were. */
static void climb(const struct climber *who, int level)
{
	int bag[100], kept = 0, i;
	int *address = bag;

	for (i = 0; i < 100; i++)
		bag[i] = level * 1000 + i;
	printf("%s on level %d\n", who->name, level);
	yield();
	if (level < who->top)
		climb(who, level + 1);
	for (i = 0; i < 100; i++)
		kept += address[i] == level * 1000 + i;
	printf("%s back on level %d, %d of 100 kept\n", who->name, level, kept);
}
//! [climb]

static void climber(void *ud)
{
	climb(ud, 1);
}

int main(void)
{
	struct climber names[] = { { "ant", 2 }, { "bear", 4 } };
	static struct coroutine all[2];
	int i, alive;

	for (i = 0; i < 2; i++) {
		all[i].func = climber;
		all[i].ud = &names[i];
		all[i].state = READY;
	}
	do
		for (i = alive = 0; i < 2; i++)
			alive += resume(&all[i]) != DEAD;
	while (alive);
	for (i = 0; i < 2; i++)
		free(all[i].image);
	printf("copied out %d times, in %d times\n", copies_out, copies_in);
	return 0;
}
