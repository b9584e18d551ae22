#include "duet.h"

#include <ucontext.h>

/* Bytes of a stack; memory is used only as deep as it is touched. */
enum { STACK = 4 << 20 };

static ucontext_t home, him, her;
static char his_stack[STACK], her_stack[STACK];
static int last_verse;

static void he(void)
{
	/* TODO: sing each verse, and let her go on */
}

static void she(void)
{
	/* TODO: sing each verse, and let him go on */
}

/* Makes a context that begins with `voice`, and goes home when it returns. */
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
	prepare(&her, her_stack, she);
	/* TODO: he begins */
}
