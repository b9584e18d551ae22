/* Ends by: exit */
#include <stdio.h>
#include <ucontext.h>

#include "answer.h"

static ucontext_t home, traveller;
static char stack[65536];

static void begin(void)
{
	puts("forty-two");
}

int answer(void)
{
	getcontext(&traveller);
	traveller.uc_stack.ss_sp = stack;
	traveller.uc_stack.ss_size = sizeof(stack);
	traveller.uc_link = 0;
	makecontext(&traveller, begin, 0);
	swapcontext(&home, &traveller);
	return 42;
}
