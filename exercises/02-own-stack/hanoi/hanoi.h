/* Shared by your answer and its test. */
#ifndef HANOI_H
#define HANOI_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* ucontext, also under -std=c11 */
#endif
#include <ucontext.h>

/* A tower on the first of three pegs, on its way to the third. */
struct hanoi {
	ucontext_t own;    /* where the coroutine goes on */
	ucontext_t caller; /* where hanoi_next was called */
	int discs;
	int from, to; /* the move that is handed out: pegs 1, 2, 3 */
	int over;     /* the coroutine has ended */
	_Alignas(64) char stack[32768];
};

/* A generator of moves, as hanoi.c says. */
void hanoi_begin(struct hanoi *h, int discs);
int hanoi_next(struct hanoi *h);

#endif
