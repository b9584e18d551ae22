/* WRONG ON PURPOSE: the frames are copied out before the switch, and what the
 * switch writes into them afterwards is lost. -DMENDED copies after it. */
#define _XOPEN_SOURCE 600
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#ifdef __GNUC__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

enum { STACK = 64 * 1024, BELOW = 1024 };

static _Alignas(64) char stack[STACK];
static char image[STACK];
static ucontext_t home, context;
static uintptr_t low;
static size_t size;
static const int table = 42; /* what the caller needs after the switch */

NOINLINE static void note_depth(void)
{
	char here;

	low = (uintptr_t)&here;
}

NOINLINE static void save(void)
{
	size = (uintptr_t)stack + STACK - low + BELOW;
	if (size > STACK)
		size = STACK;
	memcpy(image, stack + STACK - size, size);
}

//! [yield]
static void yield(void)
{
	const int *volatile word = NULL; /* a word of this frame */

	note_depth();
#ifndef MENDED
	save(); /* too early: the switch has not written yet */
#endif
	word = &table; /* as POWER's call stub does, on the way into... */
	swapcontext(&context, &home);
	if (word == &table)
		printf("the word that the switch wrote came back\n");
	else
		printf("the word that the switch wrote is lost\n");
	fflush(stdout);
	printf("the table holds %d\n", *word);
}
//! [yield]

static void entry(void)
{
	yield();
	setcontext(&home);
}

static void start(void)
{
	getcontext(&context);
	context.uc_stack.ss_sp = stack;
	context.uc_stack.ss_size = STACK;
	context.uc_link = &home;
	makecontext(&context, entry, 0);
}

//! [main]
int main(void)
{
	start();
	swapcontext(&home, &context);
#ifdef MENDED
	save(); /* after the switch: all of it is there */
#endif
	memset(stack, 0xA5, STACK); /* others use the stack meanwhile */
	memcpy(stack + STACK - size, image, size);
	swapcontext(&home, &context);
	return 0;
}
//! [main]
