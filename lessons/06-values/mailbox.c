/* Bare contexts: a function around swapcontext that does return a value. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static ucontext_t home, worker;
static char stack[65536];
static const char *box;

//! [exchange]
static const char *exchange(ucontext_t *here, ucontext_t *there,
			    const char *value)
{
	box = value;
	swapcontext(here, there);
	return box; /* by now the other side has put its own in */
}
//! [exchange]

//! [longest]
static void longest(void)
{
	const char *best = "", *word = box; /* the first comes with the start */

	for (;;) {
		if (strlen(word) > strlen(best))
			best = word;
		word = exchange(&worker, &home, best);
	}
}
//! [longest]

int main(void)
{
	const char *words[] = {"one", "three", "two"};

	getcontext(&worker);
	worker.uc_stack.ss_sp = stack;
	worker.uc_stack.ss_size = sizeof(stack);
	worker.uc_link = &home;
	makecontext(&worker, longest, 0);
	//! [ask]
	for (int i = 0; i < 3; i++)
		printf("in: %s, out: %s\n", words[i],
		       exchange(&home, &worker, words[i]));
	//! [ask]
	return 0;
}
