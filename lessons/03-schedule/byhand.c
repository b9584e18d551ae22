/* What resume adds to a swap, and where a yield may go: a schedule by hand. */
#define _XOPEN_SOURCE 600
#include <stdio.h>
#include <ucontext.h>

enum { TASKS = 2, STACK_SIZE = 65536 };

struct task {
	ucontext_t context;
	int started;
	int done;
};

static struct task tasks[TASKS];
static unsigned char stacks[TASKS][STACK_SIZE];

//! [yield]
static ucontext_t home; /* the one way back: the loop in main */
static struct task *running;

static void yield(void)
{
	swapcontext(&running->context, &home);
}
//! [yield]

static int number(const struct task *task)
{
	return (int)(task - tasks);
}

static void body(void)
{
	for (int turn = 0; turn < 2; turn++) {
		printf("    task %d, turn %d\n", number(running), turn);
		yield();
	}
	running->done = 1; /* and uc_link leads home */
}

//! [resume]
static void start(struct task *task)
{
	getcontext(&task->context);
	task->context.uc_stack.ss_sp = stacks[number(task)];
	task->context.uc_stack.ss_size = STACK_SIZE;
	task->context.uc_link = &home;
	makecontext(&task->context, body, 0);
	task->started = 1;
}

static void resume(struct task *task)
{
	printf("resume %d:%s note, swap\n", number(task),
	       task->started ? "" : " start,");
	if (!task->started)
		start(task);
	running = task;                     /* note */
	swapcontext(&home, &task->context); /* swap */
}
//! [resume]

int main(void)
{
	int alive;

	do {
		alive = 0;
		for (int i = 0; i < TASKS; i++) {
			if (tasks[i].done)
				continue;
			resume(&tasks[i]);
			alive = 1;
		}
	} while (alive);
	printf("every task has ended\n");
	return 0;
}
