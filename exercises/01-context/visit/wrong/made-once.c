/* Misconception: a context is made once and can then be run again and again */
/* Rejected by: the next visit runs the next guest */
#include "visit.h"

#include <ucontext.h>

void visit(void (*guest)(void), void *stack, size_t size)
{
	static ucontext_t home, there;
	static int made;

	if (!made) {
		made = 1;
		getcontext(&there);
		there.uc_stack.ss_sp = stack;
		there.uc_stack.ss_size = size;
		there.uc_link = &home;
		makecontext(&there, guest, 0);
	}
	swapcontext(&home, &there);
}
