/* Misconception: an ended context begins anew at the next switch to it */
/* Rejected by: the next duet begins at verse 1 again */
#include "duet.h"

#include <ucontext.h>

enum { STACK = 4 << 20 };

static ucontext_t home, him, her;
static char his_stack[STACK], her_stack[STACK];
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
	static int ready;

	last_verse = verses;
	if (!ready) {
		ready = 1;
		prepare(&him, his_stack, he);
		prepare(&her, her_stack, she);
	}
	swapcontext(&home, &him);
}
