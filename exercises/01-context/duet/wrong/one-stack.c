/* Misconception: two contexts can share a stack, as only one runs at a time */
/* Rejected by: he begins, and she answers, each on a stack of their own */
#include "duet.h"

#include <ucontext.h>

enum { STACK = 4 << 20 };

static ucontext_t home, him, her;
static char his_stack[STACK];
static int last_verse;

static void he(void)
{
	for (int verse = 1; verse <= last_verse; verse++) {
		sing("he", verse);
		swapcontext(&him, &her);
	}
}

static void she(void)
{
	for (int verse = 1; verse <= last_verse; verse++) {
		sing("she", verse);
		swapcontext(&her, &him);
	}
}

static void prepare(ucontext_t *context, char *stack, void (*voice)(void))
{
	getcontext(context);
	context->uc_stack.ss_sp = stack;
	context->uc_stack.ss_size = STACK;
	context->uc_link = &home;
	makecontext(context, voice, 0);
}

void duet(int verses)
{
	last_verse = verses;
	prepare(&him, his_stack, he);
	prepare(&her, his_stack, she);
	swapcontext(&home, &him);
}
