/* A task without a link: its last deed is a yield, so it never returns. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, task;
static unsigned char stack[65536];
static int done;

static void work(void)
{
	printf("the task works, and its function returns\n");
}

//! [entry]
static void entry(void)
{
	work();
	done = 1;
	swapcontext(&task, &home);
	printf("nobody ever comes here\n");
}
//! [entry]

int main(void)
{
	getcontext(&task);
	task.uc_stack.ss_sp = stack;
	task.uc_stack.ss_size = sizeof stack;
	task.uc_link = NULL;
	makecontext(&task, entry, 0);
	while (!done)
		swapcontext(&home, &task);
	printf("the loop is still here\n");
	return 0;
}
